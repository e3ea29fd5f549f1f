using System.Reflection;
using JobQueue.Access;
using JobQueue.Handlers.BuiltIn;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Handlers;

internal static class HandlersSetup
{
    private static readonly MethodInfo CreateMethod =
        typeof(HandlersSetup).GetMethod(nameof(Create), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Registers the job types that this program has, each a class that is found in it.</summary>
    public static void AddHandlers(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<HandlerRegistry>();
        var isDemo = bool.TryParse(builder.Configuration[$"{DemoOptions.Section}:{nameof(DemoOptions.Enabled)}"], out var demo) && demo;
        foreach (var handler in typeof(HandlersSetup).Assembly.GetTypes().Where(type => PayloadOf(type) is not null))
        {
            if (isDemo || handler != typeof(CrashHandler))
                builder.Services.AddJobHandler(handler);
        }
    }

    /// <summary>Adds the job type that a class of <see cref="IJobHandler{TPayload}"/> makes: made once, with its dependencies injected.</summary>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services) => services.AddJobHandler(typeof(THandler));

    private static IServiceCollection AddJobHandler(this IServiceCollection services, Type handler)
    {
        services.TryAddSingleton(handler);
        return services.AddSingleton(CreateMethod.MakeGenericMethod(handler, PayloadOf(handler)!).CreateDelegate<Func<IServiceProvider, HandlerEntry>>());
    }

    private static TypedHandler<THandler, TPayload> Create<THandler, TPayload>(IServiceProvider provider)
        where THandler : class, IJobHandler<TPayload> =>
        new(provider.GetRequiredService<THandler>());

    /// <summary>The payload's type of a class that is a handler, <see langword="null"/> for any other.</summary>
    private static Type? PayloadOf(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
            ? type.GetInterfaces().FirstOrDefault(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IJobHandler<>))?.GenericTypeArguments[0]
            : null;
}
