using JobQueue.Workers.Held;

namespace JobQueue.Workers.Pool;

/// <summary>The pool at one moment, for people.</summary>
/// <param name="Worker">The name its leases carry.</param>
/// <param name="Slots">Jobs that may run at once.</param>
/// <param name="Leasing">Whether it takes new jobs: not while the server stops.</param>
/// <param name="Jobs">The jobs it holds, the longest held first.</param>
internal sealed record WorkerPoolState(string Worker, int Slots, bool Leasing, IReadOnlyList<HeldJobState> Jobs)
{
    /// <summary>Jobs that run.</summary>
    public int Busy => Jobs.Count(job => job.Stage == HeldStage.Running);
}
