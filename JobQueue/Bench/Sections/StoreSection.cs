using System.Globalization;
using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>The store and the worker pool, called inside the process.</summary>
internal sealed class StoreSection(BenchServer server, int payloadBytes, int jobs) : IBenchSection
{
    private const string Group = "In process";
    private const int LiveProducers = 64;

    /// <summary>Of each commit alone there are fewer a second: a part of the jobs is enough.</summary>
    private static readonly (int Producers, int Part, string Base)[] Loads =
    [
        (1, 40, RawSection.Insert100),
        (8, 8, RawSection.Insert100),
        (64, 1, RawSection.Insert100),
        (256, 1, RawSection.Insert1000),
    ];

    private readonly StoreLoad _load = new(server, payloadBytes);
    private int _backlog;

    public string Name => "store";

    public IReadOnlyList<BenchStep> Steps =>
    [
        .. Loads.Select(load => new BenchStep($"submissions by {load.Producers} producers", (report, cancellationToken) =>
            SubmitAsync(load.Producers, jobs / load.Part, load.Base, report, cancellationToken))),
        new("draining a backlog", DrainAsync),
        new("submitting and finishing at once", LiveAsync),
        new("pick-up on an idle server", PickUpAsync),
    ];

    private async Task SubmitAsync(int producers, int count, string other, BenchReport report, CancellationToken cancellationToken)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var (perSecond, waits) = await _load.SubmitAsync(count, producers, BenchServer.Backlog, cancellationToken);
        _backlog += Math.Max(1, count / producers) * producers;
        var name = producers == 1 ? "submit, 1 producer" : string.Create(CultureInfo.InvariantCulture, $"submit, {producers} producers");
        report.Rate(Group, name, perSecond, other).AddWaits(waits).AddCpu(Environment.CpuUsage.TotalTime - cpu, count);
    }

    private async Task DrainAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        report.Rate(Group, "drain a backlog", await _load.DrainAsync(_backlog, cancellationToken), RawSection.LeaseAndFinish)
            .AddCpu(Environment.CpuUsage.TotalTime - cpu, _backlog);
        _backlog = 0;
    }

    private async Task LiveAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var (cpu, commits, bytes) = (Environment.CpuUsage.TotalTime, server.Commits, DiskWrites.Bytes);
        var perSecond = await _load.SubmitAndFinishAsync(jobs, LiveProducers, cancellationToken);
        report.Rate(Group, "submit and finish at once", perSecond, RawSection.WholeLife)
            .AddCpu(Environment.CpuUsage.TotalTime - cpu, jobs);
        report.Value(Group, "  its flushes a job", (double)(server.Commits - commits) / jobs, "");
        if (bytes is { } before)
            report.Value(Group, "  its bytes written a job", (double)(DiskWrites.Bytes!.Value - before) / jobs, "B");
    }

    private async Task PickUpAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var waits = await _load.PickUpAsync(jobs / 100, cancellationToken);
        report.Value(Group, "pick-up on an idle server", waits.P50, "ms").AddWaits(waits);
    }
}
