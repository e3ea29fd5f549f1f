using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Sweeping;

/// <summary>How far retention has walked: the last job or lane it looked at.</summary>
internal readonly record struct SweepState(SweepPhase Phase, JobId Job, int Lane);
