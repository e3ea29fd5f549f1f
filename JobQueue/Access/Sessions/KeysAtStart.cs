using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace JobQueue.Access.Sessions;

/// <summary>A server whose keys cannot be used does not start.</summary>
internal sealed class KeysAtStart(IKeyRing ring, IKeyManager keys) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => ring.CheckAsync(keys, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
