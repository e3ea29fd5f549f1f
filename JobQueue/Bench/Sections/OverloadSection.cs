using System.Text;
using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>
/// Five times what the server can take, at a pace that does not wait for answers as long as a connection is free: what is refused,
/// how soon, and what that costs in memory.
/// </summary>
internal sealed class OverloadSection(BenchServer server, int payloadBytes, TimeSpan duration) : IBenchSection
{
    private const string Group = "Overload: batches of 100 from 256 connections";
    private const int Connections = 256;
    private const int FewConnections = 8;
    private const int BatchJobs = 100;
    private const int Times = 5;

    private static readonly TimeSpan SamplePeriod = TimeSpan.FromMilliseconds(50);

    private readonly byte[] _request = HttpLoad.Request(
        server.Address, "/jobs/batch", server.Token, Encoding.UTF8.GetBytes(BenchPayload.Batch(payloadBytes, BatchJobs)));

    private readonly StoreLoad _store = new(server, payloadBytes);

    public string Name => "overload";

    public IReadOnlyList<BenchStep> Steps => [new("overload", MeasureAsync)];

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        // The first time warms the server.
        await CapacityAsync(cancellationToken);
        var capacity = await CapacityAsync(cancellationToken);
        using var load = new HttpLoad(
            server.Address, _request, Connections, StatusCodes.Status201Created, StatusCodes.Status503ServiceUnavailable);
        GC.Collect();
        var before = Environment.WorkingSet;
        var running = load.RunAsync(duration, TimeSpan.FromSeconds(1 / (capacity * Times)));
        var most = before;
        while (!running.IsCompleted)
        {
            most = Math.Max(most, Environment.WorkingSet);
            await Task.WhenAny(running, Task.Delay(SamplePeriod, TimeProvider.System, CancellationToken.None));
        }

        var figures = await running;
        var (accepted, refused) = (figures.WaitsByStatus[StatusCodes.Status201Created], figures.WaitsByStatus[StatusCodes.Status503ServiceUnavailable]);
        report.Rate(Group, "jobs it can take", capacity * BatchJobs);
        report.Rate(Group, "jobs offered", figures.PerSecond * BatchJobs, ["jobs it can take"]);
        report.Rate(Group, "jobs accepted", accepted.Count * BatchJobs / figures.Elapsed.TotalSeconds, ["jobs it can take"])
            .AddWaits(Latencies.Of([.. accepted]));
        report.Rate(Group, "calls refused", refused.Count / figures.Elapsed.TotalSeconds).AddWaits(Latencies.Of([.. refused]));
        report.Value(Group, "memory beyond that before", (most - before) / 1e6, "MB");
        await _store.DrainAsync(accepted.Count * BatchJobs, cancellationToken);
    }

    /// <summary>Batches a second that are all accepted.</summary>
    private async Task<double> CapacityAsync(CancellationToken cancellationToken)
    {
        using var load = new HttpLoad(server.Address, _request, FewConnections, StatusCodes.Status201Created);
        var figures = await load.RunAsync(duration / Times);
        await _store.DrainAsync(figures.Answered * BatchJobs, cancellationToken);
        return figures.PerSecond;
    }
}
