using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>Workers elsewhere, over HTTP, against the same server on the same cores.</summary>
internal sealed class RemoteSection(BenchServer server, int payloadBytes, int jobs) : IBenchSection
{
    private const string Group = "Remote workers, on the same cores";
    private const int AckConnections = 64;
    private const int SettleConnections = 16;
    private const int Each = 50;

    /// <summary>Of acks one by one there are fewer a second: a part of the jobs is enough.</summary>
    private const int AckPart = 4;

    private readonly LeaseLoad _load = new(server, payloadBytes);

    public string Name => "remote";

    public IReadOnlyList<BenchStep> Steps =>
    [
        new("acks one by one", AckAsync),
        new("settling and leasing", SettleAsync),
    ];

    private async Task AckAsync(BenchReport report, CancellationToken cancellationToken)
    {
        await _load.SubmitAsync(jobs / AckPart, [server.Tenant], cancellationToken);
        var requests = new Queue<byte[]>();
        await foreach (var leased in _load.LeaseAllAsync(cancellationToken))
            requests.Enqueue(HttpLoad.Request(server.Address, $"/leases/{leased.Token}/ack", server.Token, "{}"u8));
        using var load = new HttpLoad(
            server.Address, () => requests.TryDequeue(out var request) ? request : null, AckConnections, StatusCodes.Status200OK);
        var cpu = Environment.CpuUsage.TotalTime;
        var acked = await load.RunAsync(TimeSpan.MaxValue);
        report.Rate(Group, $"ack, {AckConnections} connections", acked.PerSecond, "POST /jobs, 64 connections")
            .AddWaits(acked.Waits).AddCpu(Environment.CpuUsage.TotalTime - cpu, acked.Answered);
    }

    private async Task SettleAsync(BenchReport report, CancellationToken cancellationToken)
    {
        await _load.SubmitAsync(jobs, [server.Tenant], cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        var (done, elapsed) = await new SettleLoad(server).RunAsync(SettleConnections, Each, cancellationToken);
        report.Rate(
            Group, $"jobs by POST /leases/settle of {Each}, {SettleConnections} connections", done / elapsed.TotalSeconds, "drain a backlog")
            .AddCpu(Environment.CpuUsage.TotalTime - cpu, done);
    }
}
