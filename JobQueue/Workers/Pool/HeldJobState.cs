using JobQueue.Jobs.Model;
using JobQueue.Workers.Held;

namespace JobQueue.Workers.Pool;

/// <summary>A job the pool holds.</summary>
/// <param name="StartedAt">When its handler began; <see langword="null"/> while it waits for a slot.</param>
/// <param name="StopReason">Why its handler was told to stop, if it was.</param>
internal sealed record HeldJobState(
    JobId Id, string Tenant, string Queue, string Type, int Attempt, HeldStage Stage, DateTimeOffset? StartedAt, StopReason StopReason);
