using JobQueue.Jobs;

namespace JobQueue.Workers;

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

/// <summary>A job the pool holds.</summary>
/// <param name="StartedAt">When its handler began; <see langword="null"/> while it waits for a slot.</param>
/// <param name="StopReason">Why its handler was told to stop, if it was.</param>
internal sealed record HeldJobState(
    JobId Id, string Tenant, string Queue, string Type, int Attempt, HeldStage Stage, DateTimeOffset? StartedAt, StopReason StopReason);
