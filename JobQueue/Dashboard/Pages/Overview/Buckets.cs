using JobQueue.Storage.Queries.Stats;

namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>Puts minutes together. Pure.</summary>
internal static class Buckets
{
    public static IReadOnlyList<Bucket> Of(IReadOnlyList<MinuteCounts> minutes, int perBucket) =>
        [.. minutes.Chunk(perBucket).Select(chunk => new Bucket(
            chunk[0].Minute,
            chunk.Sum(minute => minute.Submitted),
            chunk.Sum(minute => minute.Done),
            chunk.Sum(minute => minute.Failed),
            Mean(chunk, minute => minute.MeanWait),
            Mean(chunk, minute => minute.MeanRun)))];

    /// <summary>Minutes weigh by what ended in them; the counters keep no finer figure.</summary>
    private static TimeSpan? Mean(MinuteCounts[] minutes, Func<MinuteCounts, TimeSpan?> of)
    {
        var known = minutes.Where(minute => of(minute) is not null)
            .Select(minute => (Span: of(minute)!.Value, Weight: Math.Max(1, minute.Done + minute.Failed + minute.Retried)))
            .ToList();
        return known.Count == 0 ? null : known.Aggregate(TimeSpan.Zero, (sum, each) => sum + (each.Span * each.Weight)) / known.Sum(each => each.Weight);
    }
}
