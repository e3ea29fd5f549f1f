using JobQueue.Access;
using JobQueue.Handlers.BuiltIn;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Handlers;

internal static class HandlersSetup
{
    /// <summary>Registers the built-in job types.</summary>
    public static void AddHandlers(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<HandlerRegistry>();
        services.AddJobHandler<EchoHandler>();
        services.AddJobHandler<SleepHandler>();
        services.AddJobHandler<FailHandler>();
        if (bool.TryParse(builder.Configuration[$"{DemoOptions.Section}:{nameof(DemoOptions.Enabled)}"], out var demo) && demo)
            services.AddJobHandler<CrashHandler>();
    }

    /// <summary>Adds a job type: one class, made once, with its dependencies injected.</summary>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services)
        where THandler : class, IJobHandler
    {
        services.TryAddSingleton<THandler>();
        return services.AddSingleton(provider =>
            new HandlerEntry(THandler.Type, THandler.Description, provider.GetRequiredService<THandler>()));
    }
}
