using System.Net;
using System.Reflection;
using JobQueue.Access;
using JobQueue.Access.Signing;
using JobQueue.Handlers.BuiltIn;
using JobQueue.Handlers.Http;
using JobQueue.Handlers.Http.Outbound;
using JobQueue.Handlers.Loading;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Handlers;

internal static class HandlersSetup
{
    private static readonly MethodInfo DescribeMethod =
        typeof(HandlersSetup).GetMethod(nameof(Describe), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Registers the job types there are: those of this program, and those of the assemblies that are named in the settings.</summary>
    /// <exception cref="HandlerRefusedException">A named assembly cannot be used.</exception>
    public static void AddHandlers(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        // For handlers to take. What they call is their business, and not for everybody who reads the log.
        services.AddHttpClient();
        services.ConfigureHttpClientDefaults(static clients => clients.RemoveAllLoggers());
        services.AddOutboundCalls();
        var settings = builder.Configuration;
        var isDemo = bool.TryParse(settings[$"{DemoOptions.Section}:{nameof(DemoOptions.Enabled)}"], out var demo) && demo;
        services.AddSingleton(provider => new HandlerRegistry(
            provider.GetServices<HandlerEntry>().Where(entry => isDemo || entry.Type != CrashHandler.Type)));
        var named = settings.GetSection(HandlersOptions.Section).Get<HandlersOptions>()?.Assemblies ?? [];
        foreach (var handler in HandlerScan.In(typeof(HandlersSetup).Assembly).Concat(named.SelectMany(HandlerAssembly.Load)))
            services.AddJobHandler(handler);
    }

    /// <summary>Adds the job type that a class of <see cref="IJobHandler{TPayload}"/> makes.</summary>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services) => services.AddJobHandler(typeof(THandler));

    /// <summary>What <c>http.request</c> calls with.</summary>
    private static void AddOutboundCalls(this IServiceCollection services)
    {
        services.TryAddSingleton<HostResolver>(static (host, cancellationToken) => Dns.GetHostAddressesAsync(host, cancellationToken));
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<OutboundCalls>();
        // A server has those of its tenants, in its store.
        services.TryAddSingleton<ISigningKeys, ConfiguredSigningKeys>();
    }

    /// <summary>Made once, when the program starts, so that one that cannot be made stops the start and not the first job.</summary>
    private static IServiceCollection AddJobHandler(this IServiceCollection services, Type handler)
    {
        services.TryAddSingleton(handler, provider => Guard(handler, () => ActivatorUtilities.CreateInstance(provider, handler)));
        return services.AddSingleton(
            DescribeMethod.MakeGenericMethod(handler, HandlerScan.PayloadOf(handler)!).CreateDelegate<Func<IServiceProvider, HandlerEntry>>());
    }

    private static TypedHandler<THandler, TPayload> Describe<THandler, TPayload>(IServiceProvider provider)
        where THandler : class, IJobHandler<TPayload>
    {
        var handler = provider.GetRequiredService<THandler>();
        return Guard(typeof(THandler), () => new TypedHandler<THandler, TPayload>(handler)
        {
            Unavailable = THandler.Unavailable(provider.GetRequiredService<IConfiguration>()),
        });
    }

    private static T Guard<T>(Type handler, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception)
        {
            var cause = exception is TypeInitializationException { InnerException: { } inner } ? inner : exception;
            throw new HandlerRefusedException($"The handler {handler.FullName} cannot be used: {cause.Message}", exception);
        }
    }
}
