using System.Globalization;
using System.Text;
using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>Submissions over HTTP, beside a request that stores nothing, against the same server on the same cores.</summary>
internal sealed class HttpSection(BenchServer server, int payloadBytes, TimeSpan duration) : IBenchSection
{
    private const string Group = "HTTP, on the same cores";
    private const int BatchConnections = 8;
    private const int BatchJobs = 100;

    private static readonly int[] Connections = [1, 8, 64, 256];

    private readonly string _job = BenchPayload.Job(payloadBytes);
    private readonly string _batch = BenchPayload.Batch(payloadBytes, BatchJobs);
    private readonly StoreLoad _load = new(server, payloadBytes);
    private int _backlog;

    public string Name => "http";

    public IReadOnlyList<BenchStep> Steps =>
    [
        .. Connections.Select(connections => new BenchStep($"POST /jobs, {connections} connections", (report, cancellationToken) =>
            SubmitAsync(connections, report))),
        new("POST /jobs/batch", SubmitBatchesAsync),
        new("draining what came over HTTP", (_, cancellationToken) => DrainAsync(cancellationToken)),
    ];

    private async Task SubmitAsync(int connections, BenchReport report)
    {
        var suffix = connections == 1 ? ", 1 connection" : string.Create(CultureInfo.InvariantCulture, $", {connections} connections");
        var (nothing, nothingCpu) = await RunAsync(BenchServer.NoopPath, _job, connections, StatusCodes.Status202Accepted);
        report.Rate(Group, $"no-op POST{suffix}", nothing.PerSecond).AddWaits(nothing.Waits).AddCpu(nothingCpu, nothing.Answered);
        var (stored, cpu) = await RunAsync("/jobs", _job, connections, StatusCodes.Status201Created);
        _backlog += stored.Answered;
        report.Rate(Group, $"POST /jobs{suffix}", stored.PerSecond, $"no-op POST{suffix}", RawSection.WholeLife)
            .AddWaits(stored.Waits).AddCpu(cpu, stored.Answered);
    }

    private async Task SubmitBatchesAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var (stored, cpu) = await RunAsync("/jobs/batch", _batch, BatchConnections, StatusCodes.Status201Created);
        _backlog += stored.Answered * BatchJobs;
        report.Rate(Group, "jobs by POST /jobs/batch of 100, 8 connections", stored.PerSecond * BatchJobs, RawSection.Insert1000)
            .AddWaits(stored.Waits).AddCpu(cpu, stored.Answered * BatchJobs);
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _load.DrainAsync(_backlog, cancellationToken);
        _backlog = 0;
    }

    private async Task<(HttpFigures Figures, TimeSpan Cpu)> RunAsync(string path, string body, int connections, int status)
    {
        using var load = new HttpLoad(
            server.Address, HttpLoad.Request(server.Address, path, server.Token, Encoding.UTF8.GetBytes(body)), connections, status);
        var cpu = Environment.CpuUsage.TotalTime;
        var figures = await load.RunAsync(duration);
        return (figures, Environment.CpuUsage.TotalTime - cpu);
    }
}
