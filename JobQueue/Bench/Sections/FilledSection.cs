using JobQueue.Bench.Load;
using JobQueue.Jobs.Store;

namespace JobQueue.Bench.Sections;

/// <summary>The same work in a database full of other jobs and in one with few.</summary>
internal sealed class FilledSection(BenchServer empty, BenchServer filled, BenchOptions options, int jobs) : IBenchSection
{
    private const string Group = "In a full database";
    private const int Producers = 64;

    private static readonly TimeSpan SweepPause = TimeSpan.FromMilliseconds(10);

    public string Name => "full";

    public IReadOnlyList<BenchStep> Steps =>
    [
        new("leasing in few jobs", (report, cancellationToken) => LeaseAsync(empty, "few jobs", null, report, cancellationToken)),
        new("leasing in many jobs", (report, cancellationToken) => LeaseAsync(filled, "many jobs", "few jobs", report, cancellationToken)),
        new("submitting and finishing in few jobs", (report, cancellationToken) =>
            LiveAsync(empty, "few jobs", null, report, cancellationToken)),
        new("submitting and finishing in many jobs", (report, cancellationToken) =>
            LiveAsync(filled, "many jobs", "few jobs", report, cancellationToken)),
        .. options.Existing == 0 ? (IEnumerable<BenchStep>)[] :
        [
            new("submitting without retention", (report, cancellationToken) => SubmitAsync(report, "submit, no retention", null, cancellationToken)),
            new("submitting beside retention", SubmitBesideRetentionAsync),
        ],
    ];

    private async Task LeaseAsync(BenchServer server, string where, string? other, BenchReport report, CancellationToken cancellationToken)
    {
        var figures = await new LeaseLoad(server, options.PayloadBytes).RunAsync(jobs / 2, [server.Tenant], cancellationToken);
        report.Rate(Group, $"whole life in {where}", figures.WholeLives, other is null ? [] : [$"whole life in {other}"]);
        report.Rate(Group, $"lease + finish in {where}", figures.Leased, other is null ? [] : [$"lease + finish in {other}"]);
        report.Value(Group, $"one lease of 100 in {where}", figures.Waits.P50, "ms", other is null ? [] : [$"one lease of 100 in {other}"])
            .AddWaits(figures.Waits);
    }

    private async Task LiveAsync(BenchServer server, string where, string? other, BenchReport report, CancellationToken cancellationToken)
    {
        var perSecond = await new StoreLoad(server, options.PayloadBytes).SubmitAndFinishAsync(jobs, Producers, cancellationToken);
        report.Rate(Group, $"submit and finish in {where}", perSecond, other is null ? [] : [$"submit and finish in {other}"]);
    }

    private async Task<double> SubmitAsync(BenchReport report, string name, string? other, CancellationToken cancellationToken)
    {
        var (_, waits) = await new StoreLoad(filled, options.PayloadBytes).SubmitAsync(jobs, Producers, BenchServer.Backlog, cancellationToken);
        report.Value(Group, $"{name}, p99", waits.P99, "ms", other is null ? [] : [$"{other}, p99"]).AddWaits(waits);
        return waits.P99;
    }

    private async Task SubmitBesideRetentionAsync(BenchReport report, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sweeping = SweepAsync(stop.Token);
        await SubmitAsync(report, "submit beside retention", "submit, no retention", cancellationToken);
        await stop.CancelAsync();
        await sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>As the server's own sweeper does.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var cutoff = TimeProvider.System.GetUtcNow().AddDays(-30);
        while (true)
        {
            await filled.Store.SweepAsync(new RetentionCutoffs(cutoff, cutoff, cutoff), cancellationToken);
            await Task.Delay(SweepPause, TimeProvider.System, cancellationToken);
        }
    }
}
