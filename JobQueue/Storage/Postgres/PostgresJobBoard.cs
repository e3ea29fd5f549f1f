using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres;

/// <summary>Asks the database what all processes do, and this process's memory what is paused or left alone. Thread-safe.</summary>
internal sealed class PostgresJobBoard(PostgresStoreHost host, PostgresConnections connections) : IJobBoard
{
    public async ValueTask<TenantUsage> UsageOfAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        await host.Tenants.EnsureAsync(connection, [tenant.Value], cancellationToken);
        if (host.Tenants.Find(tenant.Value)?.Limits is not { } limits)
            return new TenantUsage(TenantLimits.None, 0, 0, 0, TimeSpan.Zero);
        var (accepted, pending, running) = (0, 0, 0);
        await new RoundTrip(connection).Read(
            "tenant_use", row => (accepted, pending, running) = (row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), Sent.Value(new[] { tenant.Value })).RunAsync(cancellationToken);
        var next = 0L;
        if (limits.MaxNewPerMinute is { } rate && accepted >= rate)
        {
            next = 60_000;
            if (rate > 0)
                await new RoundTrip(connection).Read(
                    "next_acceptance", row => next = row.GetInt64(0), Sent.Value(tenant.Value), Sent.Value((long)(accepted - rate + 1))).RunAsync(cancellationToken);
        }

        return new TenantUsage(limits, running, accepted, pending, TimeSpan.FromMilliseconds(Math.Max(0, next)));
    }

    public async ValueTask<IHoldups> HoldupsAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken)
    {
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        var ids = tenants.Select(tenant => tenant.Value).Distinct().ToArray();
        await host.Tenants.EnsureAsync(connection, ids, cancellationToken);
        var (running, full) = (new Dictionary<int, int>(), new HashSet<(string, int)>());
        await new RoundTrip(connection)
            .Read("running", row => running[row.GetInt32(0)] = row.GetInt32(1), Sent.Value(ids))
            .Read("targets_full", row => full.Add((row.GetString(0), row.GetInt32(1))), Sent.Value(JobTarget.MaxCallsAtOnce))
            .RunAsync(cancellationToken);
        return new Seen(host, running, full);
    }

    public bool MayBegin(Job job) => !host.Paused.Contains(job.TenantId, job.Queue)
        && (job.Target is not { } target || host.Breakers.Find(job.TenantId.Value, target)?.Breaker.IsOpenAt(Moment) != true);

    public async ValueTask<IReadOnlyList<TargetDown>> TargetsDownAsync(TenantId? tenant, CancellationToken cancellationToken)
    {
        var down = new List<TargetDown>();
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        await new RoundTrip(connection).Read("targets_down", row => down.Add(new TargetDown(
            new TenantId(row.GetInt32(0)), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4), row.Time(5), row.GetInt32(6))),
            Sent.Value(tenant?.Value)).RunAsync(cancellationToken);
        return down;
    }

    public async ValueTask<TargetDown?> DownOfAsync(TenantId tenant, string target, CancellationToken cancellationToken) =>
        (await TargetsDownAsync(tenant, cancellationToken)).FirstOrDefault(down => down.Target == target);

    public ValueTask<QueuePause?> PauseOfAsync(TenantId tenant, string queue, CancellationToken cancellationToken) => new(host.Paused.Find(tenant, queue));

    private TimeSpan Moment => TimeSpan.FromMilliseconds(host.Clock.Now);

    /// <summary>As it was when it was asked.</summary>
    private sealed class Seen(PostgresStoreHost host, Dictionary<int, int> running, HashSet<(string Target, int Tenant)> full) : IHoldups
    {
        public Holdups Of(TenantId tenant, string queue, string? target) => new(
            host.Paused.Contains(tenant, queue),
            host.Tenants.Find(tenant.Value)?.Limits.ConcurrencyIsReachedBy(running.GetValueOrDefault(tenant.Value)) == true,
            target is not null && (full.Contains((target, 0)) || full.Contains((target, tenant.Value))),
            target is not null && host.Breakers.Find(tenant.Value, target)?.Breaker.HasOpened == true);
    }
}
