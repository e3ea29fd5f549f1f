namespace JobQueue.Bench;

/// <summary>The base of most ratios.</summary>
internal sealed class RawSection(RawLimit raw, int jobs) : IBenchSection
{
    public const string Insert100 = "raw insert, batch 100";
    public const string Insert1000 = "raw insert, batch 1000";
    public const string LeaseAndFinish = "raw lease + finish, batch 100";
    public const string WholeLife = "raw whole life, batch 100";

    private const string Group = "SQLite itself, one thread";

    public IReadOnlyList<BenchStep> Steps =>
    [
        new("raw SQLite", (report, _) => Task.Run(() => Measure(report), CancellationToken.None)),
    ];

    private void Measure(BenchReport report)
    {
        var half = Math.Max(1000, jobs / 2000 * 1000);
        report.Rate(Group, Insert100, raw.Insert(half, 100));
        report.Rate(Group, Insert1000, raw.Insert(half, 1000));
        report.Rate(Group, LeaseAndFinish, raw.LeaseAndFinish(2 * half, 100));
        report.Rate(Group, WholeLife, raw.WholeLife(half, 100));
    }
}
