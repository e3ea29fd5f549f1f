using JobQueue.Storage.Queries;

namespace JobQueue.Dashboard;

/// <summary>How far back a chart looks.</summary>
/// <param name="Key">As in the address.</param>
/// <param name="Minutes">In all.</param>
/// <param name="PerBucket">Minutes put together.</param>
public sealed record ChartRange(string Key, string Name, int Minutes, int PerBucket)
{
    public static IReadOnlyList<ChartRange> All { get; } =
        [new("1h", "1 hour", 60, 1), new("6h", "6 hours", 360, 5), new("24h", "24 hours", 1440, 20)];

    public static ChartRange Read(string? key) => All.FirstOrDefault(range => range.Key == key) ?? All[0];
}

/// <summary>What happened in one stretch of a chart.</summary>
public sealed record Bucket(DateTimeOffset From, int Submitted, int Done, int Failed, TimeSpan? MeanWait, TimeSpan? MeanRun);

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
