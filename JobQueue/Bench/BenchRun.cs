using System.Collections.Frozen;
using System.Diagnostics;
using JobQueue.Bench.Load;
using JobQueue.Bench.Raw;
using JobQueue.Bench.Sections;

namespace JobQueue.Bench;

/// <summary>A whole run: warms up, measures everything once a round, each round in the same order.</summary>
internal sealed class BenchRun(BenchOptions options, BenchProgress progress)
{
    private const int WarmUpShare = 4;

    /// <summary>
    /// A webhook costs as much as several jobs. Not in the warm-up: its long way through the HTTP client takes many calls to be
    /// compiled well.
    /// </summary>
    private const int WebhookShare = 10;

    private const int SoakProducers = 64;

    /// <summary>How long requests are sent for so many jobs.</summary>
    private const int JobsPerSecond = 40_000;

    /// <summary>Parts that need no databases of their own beside the one that is measured.</summary>
    private static readonly FrozenSet<string> OfAnyStorage = FrozenSet.Create("raw", "store", "tenants", "http", "remote", "idle", "overload");

    private static readonly TimeSpan SoakWarmUp = TimeSpan.FromSeconds(1);

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        using var scratch = new BenchScratch(options);
        await using var server = await BenchServer.StartAsync(options, scratch, scratch.Database, cancellationToken);
        using IRawLimit raw = options.Storage is { } storage
            ? await PostgresRawLimit.OpenAsync(storage, options.PayloadBytes, cancellationToken)
            : RawLimit.Open(scratch.PathOf("raw.db"), options.PayloadBytes);
        // The server takes Ctrl+C for itself: the run ends with it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Stopping);
        cancellationToken = stop.Token;

        await using var filled = options.Fills ? await StartFilledAsync(scratch, cancellationToken) : null;

        var report = new BenchReport();
        await RoundsAsync(raw, server, filled, scratch, report, cancellationToken);
        var once = Once(server, filled, scratch);
        progress.Begin("once", once.Sum(section => section.Steps.Count));
        await RoundAsync(once, report, "once", cancellationToken);
        if (options.SoakSeconds > 0)
            await SoakAsync(server, report, cancellationToken);
        using var process = Process.GetCurrentProcess();
        report.Value("Process", "memory at its peak", process.PeakWorkingSet64 / 1e6, "MB");
        progress.End();
        return report;
    }

    private async Task RoundsAsync(
        IRawLimit raw, BenchServer server, BenchServer? filled, BenchScratch scratch, BenchReport report, CancellationToken cancellationToken)
    {
        await using var webhooks = Wants(WebhooksSection.Title) ? await WebhookLoad.StartAsync(options, scratch, cancellationToken) : null;
        var warmUp = Sections(raw, server, filled, webhooks, options.Jobs / WarmUpShare, options.Jobs);
        progress.Begin("warm-up", warmUp.Sum(section => section.Steps.Count));
        await RoundAsync(warmUp, new BenchReport(), "warm-up", cancellationToken);

        var sections = Sections(raw, server, filled, webhooks, options.Jobs, options.Jobs / WebhookShare);
        progress.Begin("rounds", options.Rounds * sections.Sum(section => section.Steps.Count));
        for (var round = 1; round <= options.Rounds; round++)
            await RoundAsync(sections, report, $"round {round} of {options.Rounds}", cancellationToken);
    }

    private List<IBenchSection> Sections(IRawLimit raw, BenchServer server, BenchServer? filled, WebhookLoad? webhooks, int jobs, int calls)
    {
        List<IBenchSection> sections =
        [
            new RawSection(raw, jobs),
            new StoreSection(server, options.PayloadBytes, jobs),
            new FairnessSection(server, options.PayloadBytes, jobs / 2),
            new HttpSection(server, options.PayloadBytes, TimeSpan.FromSeconds((double)jobs / JobsPerSecond)),
            new RemoteSection(server, options.PayloadBytes, jobs),
        ];
        if (webhooks is not null)
            sections.Add(new WebhooksSection(webhooks, calls));
        if (filled is not null)
            sections.Add(new FilledSection(server, filled, options, jobs));
        return Wanted(sections);
    }

    private List<IBenchSection> Once(BenchServer server, BenchServer? filled, BenchScratch scratch)
    {
        var duration = TimeSpan.FromSeconds(options.OnceSeconds);
        List<IBenchSection> sections =
        [
            new IdleSection(duration),
            new SharingSection(options, scratch, duration),
            new ParkedSection(options, scratch, duration),
            new OverloadSection(server, options.PayloadBytes, duration),
        ];
        if (filled is not null)
            sections.Add(new ReadsSection(filled));
        return Wanted(sections);
    }

    private List<IBenchSection> Wanted(List<IBenchSection> sections) => sections.FindAll(section => Wants(section.Name));

    private bool Wants(string section) =>
        (options.Only.Count == 0 || options.Only.Contains(section)) && (options.Storage is null || OfAnyStorage.Contains(section));

    /// <summary>A server makes the database, which is then filled behind its back.</summary>
    private async Task<BenchServer> StartFilledAsync(BenchScratch scratch, CancellationToken cancellationToken)
    {
        progress.Begin("filling a database", steps: 1);
        progress.Step("filling a database");
        var path = scratch.PathOf("filled.db");
        BenchFilling filling;
        await using (var first = await BenchServer.StartAsync(options, scratch, path, cancellationToken))
            filling = await BenchFilling.PrepareAsync(first, options, cancellationToken);
        await Task.Run(() => filling.Fill(path, cancellationToken), cancellationToken);
        return await BenchServer.StartAsync(options, scratch, path, cancellationToken);
    }

    private async Task RoundAsync(
        IReadOnlyList<IBenchSection> sections, BenchReport report, string round, CancellationToken cancellationToken)
    {
        foreach (var step in sections.SelectMany(section => section.Steps))
        {
            progress.Step($"{round}: {step.Name}");
            await step.MeasureAsync(report, cancellationToken);
        }
    }

    private async Task SoakAsync(BenchServer server, BenchReport report, CancellationToken cancellationToken)
    {
        progress.Step($"{SoakProducers} producers for {options.SoakSeconds} s");
        var load = new StoreLoad(server, options.PayloadBytes);
        await load.SubmitForAsync(SoakWarmUp, SoakProducers, BenchServer.Backlog, cancellationToken);
        var (perSecond, waits) = await load.SubmitForAsync(
            TimeSpan.FromSeconds(options.SoakSeconds), SoakProducers, BenchServer.Backlog, cancellationToken);
        report.Rate("In process", $"submit, {SoakProducers} producers for {options.SoakSeconds} s", perSecond).AddWaits(waits);
    }
}
