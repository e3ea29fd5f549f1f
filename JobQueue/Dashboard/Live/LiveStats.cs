using System.Collections.Concurrent;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;

namespace JobQueue.Dashboard.Live;

/// <summary>
/// Counts for every open overview: read once per scope and moment, however many people look. Thread-safe.
/// </summary>
internal sealed class LiveStats(StatsQueries stats, TimeProvider time)
{
    private const int HourMinutes = 60;

    private readonly ConcurrentDictionary<int, (long At, Task<StatsSnapshot> Snapshot)> _byScope = new();

    /// <param name="scope">The one tenant, or <see langword="null"/> for all.</param>
    public Task<StatsSnapshot> GetAsync(TenantId? scope) => _byScope.AddOrUpdate(
        scope?.Value ?? -1,
        static (_, read) => (read.Now, read.ReadAsync()),
        static (_, known, read) => read.IsFresh(known.At) && !known.Snapshot.IsFaulted ? known : (read.Now, read.ReadAsync()),
        new Reading(stats, time, scope, time.GetTimestamp())).Snapshot;

    private readonly record struct Reading(StatsQueries Stats, TimeProvider Time, TenantId? Scope, long Now)
    {
        public bool IsFresh(long at) => Time.GetElapsedTime(at, Now) < LiveRefresh.Interval / 2;

        public async Task<StatsSnapshot> ReadAsync() => new(
            await Stats.TotalAsync(Scope, CancellationToken.None),
            await Stats.MinutesAsync(Scope, HourMinutes, CancellationToken.None));
    }
}
