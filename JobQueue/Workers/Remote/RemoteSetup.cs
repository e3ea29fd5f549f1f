using JobQueue.Handlers;
using JobQueue.Jobs.Store;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Workers.Remote;

internal static class RemoteSetup
{
    /// <summary>Registers the pool on a server's leases. To be called after the handlers.</summary>
    /// <param name="types">The types to take; every type that runs here when <see langword="null"/>.</param>
    public static void AddRemoteWorkers(this IHostApplicationBuilder builder, ServerOptions server, IReadOnlySet<string>? types)
    {
        var services = builder.Services;
        services.AddSingleton(server);
        services.AddSingleton<ServerCalls>();
        services.AddSingleton<ServerEnds>();
        services.AddSingleton<ServerLeases>();
        services.AddSingleton<IJobLeases>(static provider => provider.GetRequiredService<ServerLeases>());
        services.Replace(ServiceDescriptor.Singleton(provider => new HandlerRegistry(provider.GetServices<HandlerEntry>()
            .Where(entry => entry.Unavailable is null && types?.Contains(entry.Type) != false))));
        builder.AddWorkerPool();
    }
}
