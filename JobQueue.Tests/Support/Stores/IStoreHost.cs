using JobQueue.Tenants;

namespace JobQueue.Tests.Support.Stores;

/// <summary>
/// Storage of one provider with all that a queue under test needs of it: empty when it is made, and gone when it is disposed.
/// </summary>
internal interface IStoreHost : IAsyncDisposable
{
    /// <summary>The time of every process on this storage.</summary>
    TestClock Time { get; }

    /// <summary>How long it takes the others, or the next one, to know that a process is dead.</summary>
    TimeSpan DeathIsKnownAfter { get; }

    /// <summary>Where a process keeps files of its own.</summary>
    string Folder { get; }

    /// <summary>What leads a server to this storage.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The storage as the next server finds it when every process on it dies at this moment. This one is served on.</summary>
    Task<IStoreHost> CrashAsync(TimeSpan downFor, CancellationToken cancellationToken);

    /// <summary>The same storage and the same time for one more process. It goes with this one, not by itself.</summary>
    Task<IStoreHost> SecondProcessAsync(CancellationToken cancellationToken);

    /// <summary>As if the process on this had died: it is cut off in the midst of what it does, and does not come back.</summary>
    Task CutOffAsync(CancellationToken cancellationToken);

    /// <summary>Ends every connection of the process on this; it may come back at once.</summary>
    Task DisconnectAsync(CancellationToken cancellationToken);

    /// <summary>Keeps the writers of a process busy until the answer is disposed: what is sent meanwhile lands in one transaction.</summary>
    Task<IAsyncDisposable> HoldWritersAsync(IServiceProvider process);

    /// <summary>What must hold of the tables of this provider alone, between any two writes.</summary>
    Task CheckAsync(CancellationToken cancellationToken);

    /// <summary>Everything that is stored, as text to search in. No process may be writing.</summary>
    Task<string> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>The statements that store ended jobs, as <see cref="ManyRows"/> describes them.</summary>
    FormattableString InsertEnded(TenantId tenant, int count, int everyFailed, int everyTagged);
}
