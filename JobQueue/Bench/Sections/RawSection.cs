using JobQueue.Bench.Raw;

namespace JobQueue.Bench.Sections;

/// <summary>The base of most ratios.</summary>
internal sealed class RawSection(IRawLimit raw, int jobs) : IBenchSection
{
    public const string Insert100 = "raw insert, batch 100";
    public const string Insert1000 = "raw insert, batch 1000";
    public const string LeaseAndFinish = "raw lease + finish, batch 100";
    public const string WholeLife = "raw whole life, batch 100";

    public string Name => "raw";

    public IReadOnlyList<BenchStep> Steps =>
    [
        new("the database itself", (report, _) => Task.Run(() => Measure(report), CancellationToken.None)),
    ];

    private void Measure(BenchReport report)
    {
        var half = Math.Max(1000, jobs / 2000 * 1000);
        Take(report, Insert100, half, () => raw.Insert(half, 100));
        Take(report, Insert1000, half, () => raw.Insert(half, 1000));
        Take(report, LeaseAndFinish, 2 * half, () => raw.LeaseAndFinish(2 * half, 100));
        Take(report, WholeLife, half, () => raw.WholeLife(half, 100));
    }

    private void Take(BenchReport report, string name, int count, Func<double> run)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        report.Rate(raw.Name, name, run()).AddCpu(Environment.CpuUsage.TotalTime - cpu, count);
    }
}
