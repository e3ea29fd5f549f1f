using JobQueue.Storage.Queries.Stats;

namespace JobQueue.Dashboard.Live;

/// <summary>What the overview shows at one moment.</summary>
/// <param name="Hour">The last 60 minutes, the present one last.</param>
internal sealed record StatsSnapshot(JobCounts Counts, IReadOnlyList<MinuteCounts> Hour);
