namespace JobQueue.Dashboard.Pages.Overview;

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
