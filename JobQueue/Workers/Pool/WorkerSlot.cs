using JobQueue.Workers.Held;

namespace JobQueue.Workers.Pool;

/// <summary>One place to run a job in. Used by one loop; only <see cref="IsQuick"/> is for others too.</summary>
internal sealed class WorkerSlot
{
    private volatile HeldJob? _current;

    /// <summary>Cancels the handler that runs here; used for one job after the other as long as none was cancelled.</summary>
    public CancellationTokenSource Abort { get; private set; } = new();

    /// <summary>Whether the slot is free, or has been busy so shortly that it should be free in a moment.</summary>
    public bool IsQuick => _current is not { } job || job.Stage != HeldStage.Running || job.Elapsed <= RunTimes.Window;

    public void Enter(HeldJob job) => _current = job;

    public void Leave()
    {
        _current = null;
        if (!Abort.TryReset())
            Abort = new CancellationTokenSource();
    }
}
