using Microsoft.AspNetCore.DataProtection.Repositories;

namespace JobQueue.Access.Sessions;

/// <summary>A server whose keys cannot be used does not start.</summary>
internal sealed class KeysAtStart(IXmlRepository keys) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        (keys as KeyRing)?.Check();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
