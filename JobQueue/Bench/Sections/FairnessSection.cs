using System.Globalization;
using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>What it costs to choose among tenants.</summary>
internal sealed class FairnessSection(BenchServer server, int payloadBytes, int jobs) : IBenchSection
{
    private const string Group = "Leasing a hundred at a time";
    private const string Base = "lease + finish among 10 tenants";

    private readonly LeaseLoad _load = new(server, payloadBytes);

    public string Name => "tenants";

    public IReadOnlyList<BenchStep> Steps =>
    [
        new("leasing among 10 tenants", (report, cancellationToken) => MeasureAsync(10, Base, report, cancellationToken)),
        new("leasing among 1000 tenants", (report, cancellationToken) =>
            MeasureAsync(1000, "lease + finish among 1000 tenants", report, cancellationToken, Base)),
    ];

    private async Task MeasureAsync(
        int tenants, string name, BenchReport report, CancellationToken cancellationToken, params IEnumerable<string> bases)
    {
        var names = Enumerable.Range(0, tenants).Select(number => string.Create(CultureInfo.InvariantCulture, $"bench-{number}"));
        var owners = await server.EnsureTenantsAsync(names, cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        var figures = await _load.RunAsync(jobs, owners, cancellationToken);
        report.Rate(Group, name, figures.Leased, bases).AddWaits(figures.Waits).AddCpu(Environment.CpuUsage.TotalTime - cpu, jobs);
    }
}
