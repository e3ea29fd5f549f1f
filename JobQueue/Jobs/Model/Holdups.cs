namespace JobQueue.Jobs.Model;

/// <summary>What may hold up a job that is due.</summary>
/// <param name="TargetFull">Whether a process makes as many calls to the job's target as it may.</param>
/// <param name="TargetDown">Whether the job's target is left alone because it failed.</param>
public readonly record struct Holdups(bool QueuePaused, bool AtTenantLimit, bool TargetFull, bool TargetDown);
