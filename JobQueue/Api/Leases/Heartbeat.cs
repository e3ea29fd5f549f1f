using JobQueue.Jobs.Model;

namespace JobQueue.Api.Leases;

/// <summary>What a heartbeat carries.</summary>
internal sealed record Heartbeat(JobProgress? Progress, IReadOnlyList<string> LogLines);
