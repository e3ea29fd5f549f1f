using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using JobQueue.Bench.Load;
using JobQueue.Bench.Raw;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Bench.Sections;

/// <summary>What tenants get of workers that are too few: jobs of 50 ms, 8 workers, on a server of their own.</summary>
internal sealed class SharingSection(BenchOptions options, BenchScratch scratch, TimeSpan duration) : IBenchSection
{
    private const string Group = "Tenants that share 8 workers, jobs of 50 ms";
    private const int Workers = 8;
    private const int Batch = 1_000;
    private const int EqualTenants = 10;
    private const string Queue = "slow";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly int _backlog = options.Jobs * 5 / 2;

    public string Name => "sharing";

    public IReadOnlyList<BenchStep> Steps => [new("tenants that share workers", MeasureAsync)];

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        await using var server = await BenchServer.StartAsync(
            options with { Workers = Workers }, scratch, scratch.PathOf("sharing.db"), cancellationToken);
        var large = (await server.EnsureTenantsAsync(["large"], cancellationToken))[0];
        var small = (await server.EnsureTenantsAsync(["small"], cancellationToken))[0];
        await SubmitAsync(server, large, _backlog, cancellationToken);
        await OneASecondAsync(server, small, report, cancellationToken);
        await server.Store.PauseQueueAsync(large, Queue, null, null, BenchServer.Actor, cancellationToken);
        await EquallyAsync(server, report, cancellationToken);
    }

    /// <summary>A tenant submits a job a second, beside another's backlog.</summary>
    private async Task OneASecondAsync(BenchServer server, TenantId tenant, BenchReport report, CancellationToken cancellationToken)
    {
        var waits = new List<long>();
        for (var left = Math.Max(1, (int)(duration / Period)); left > 0; left--)
        {
            var start = server.Slow.NextStartOf(tenant);
            var submitted = Stopwatch.GetTimestamp();
            await server.Store.SubmitAsync(Create(tenant), cancellationToken);
            waits.Add(await start.WaitAsync(cancellationToken) - submitted);
            await Task.Delay(Period, TimeProvider.System, cancellationToken);
        }

        var latencies = Latencies.Of([.. waits]);
        var name = string.Create(CultureInfo.InvariantCulture, $"start of one job a second beside {_backlog:#,0} of another tenant");
        report.Value(Group, name, latencies.P50, "ms").AddWaits(latencies);
    }

    /// <summary>Tenants with equal backlogs: how far apart what they get is.</summary>
    private async Task EquallyAsync(BenchServer server, BenchReport report, CancellationToken cancellationToken)
    {
        var tenants = await server.EnsureTenantsAsync(
            Enumerable.Range(0, EqualTenants).Select(number => string.Create(CultureInfo.InvariantCulture, $"equal-{number}")), cancellationToken);
        // More than all workers can do in the time.
        var each = (int)(duration.TotalSeconds * 1000 / 50 * Workers / EqualTenants * 2) + Workers;
        foreach (var tenant in tenants)
            await SubmitAsync(server, tenant, each, cancellationToken);
        var done = new ConcurrentDictionary<TenantId, int>();
        using (server.Feed.Subscribe("The bench", batch =>
        {
            foreach (var ended in batch.Where(ended => ended.Kind == JobEventKind.Done))
                done.AddOrUpdate(ended.TenantId, 1, (_, count) => count + 1);
        }))
        {
            await Task.Delay(duration, TimeProvider.System, cancellationToken);
        }

        var counts = tenants.Select(tenant => done.GetValueOrDefault(tenant)).ToList();
        report.Value(Group, "ten tenants: the least share of the largest", 100.0 * counts.Min() / Math.Max(1, counts.Max()), "%");
    }

    private static async Task SubmitAsync(BenchServer server, TenantId tenant, int jobs, CancellationToken cancellationToken)
    {
        for (var left = jobs; left > 0; left -= Batch)
            await server.Store.SubmitManyAsync([.. Enumerable.Range(0, Math.Min(Batch, left)).Select(_ => Create(tenant))], cancellationToken);
    }

    private static Submission Create(TenantId tenant) => new()
    {
        Tenant = tenant,
        Queue = Queue,
        Type = BenchSlowHandler.TypeName,
        Payload = "null"u8.ToArray(),
        MaxRetries = 0,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };
}
