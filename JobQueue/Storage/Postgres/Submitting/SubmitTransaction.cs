using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;
using JobQueue.Tenants;
using Npgsql;

namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>One transaction of submissions: what was used, and what is accepted of them.</summary>
internal sealed class SubmitTransaction(WriterServices services, WriterSession session, IReadOnlyList<SubmitCommand> commands)
{
    /// <summary>Among advisory locks: the limit of new jobs a minute, and of pending ones.</summary>
    private const int LockOfSubmissions = 1;

    /// <summary>A key that another transaction takes at this moment is looked for again so often.</summary>
    private const int MaxTries = 3;

    private readonly Dictionary<int, TenantUse> _use = [];
    private readonly Dictionary<(int Tenant, byte[] Hash), KeyUse> _keys = new(KeyHashComparer.Instance);
    private readonly Dictionary<int, HashSet<int>> _liveLanes = [];
    private long _now;

    /// <summary>Leaves the transaction open.</summary>
    public async Task<(Writes Writes, long Now)> DecideAsync(CancellationToken cancellationToken)
    {
        var tenants = commands.Select(command => command.Tenant).ToHashSet();
        await services.Tenants.EnsureAsync(session.Connection, tenants, cancellationToken);
        await services.Lanes.CountAsync(session.Connection, tenants, cancellationToken);
        await services.Lanes.OpenAsync(
            session.Connection, commands.SelectMany(command => command.Submissions).Select(NewJobs.LaneOf), cancellationToken);
        for (var tries = 1; ; tries++)
        {
            await ReadAsync(tenants, cancellationToken);
            var writes = new Writes();
            foreach (var command in commands)
                command.Result = await DecideAsync(command, writes, cancellationToken);
            if (await TakeKeysAsync(writes, cancellationToken))
                return (writes, _now);
            await session.Trip().Run("ROLLBACK").RunAsync(cancellationToken);
            if (tries == MaxTries)
                throw new InvalidOperationException("A key that is taken was not found.");
        }
    }

    /// <summary>Locks what is limited, then reads what is used.</summary>
    private async Task ReadAsync(HashSet<int> tenants, CancellationToken cancellationToken)
    {
        _use.Clear();
        _keys.Clear();
        _liveLanes.Clear();
        var limited = tenants.Where(tenant => services.Tenants[tenant].Limits != TenantLimits.None).Order().ToArray();
        var locked = limited.Where(tenant => services.Tenants[tenant].Limits is { MaxNewPerMinute: not null } or { MaxPending: not null }).ToArray();
        var trip = session.Trip().Begin();
        if (locked.Length > 0)
            trip.Read("lock_tenants", static _ => { }, Sent.Value(LockOfSubmissions), Sent.Value(locked));
        trip.Read("now", row => _now = row.GetInt64(0));
        if (limited.Length > 0)
            trip.Read("tenant_use", AddUse, Sent.Value(limited));
        var keys = commands.SelectMany(command => command.Submissions).Where(submission => submission.IdempotencyKey is not null)
            .Select(submission => (submission.Tenant, Hash: KeyHash.Of(submission.IdempotencyKey!))).ToList();
        if (keys.Count > 0)
            trip.Read("find_keys", AddKey, Sent.Column(keys, key => key.Tenant.Value), Sent.Column(keys, key => key.Hash));
        await trip.RunAsync(cancellationToken);
    }

    private void AddUse(NpgsqlDataReader row) =>
        _use[row.GetInt32(0)] = new TenantUse { Accepted = row.GetInt32(1), Pending = row.GetInt32(2), Running = row.GetInt32(3) };

    private void AddKey(NpgsqlDataReader row) => _keys[(row.GetInt32(0), (byte[])row[1])] = new KeyUse(
        (byte[])row[2], new JobId(row.GetGuid(3)), row.IsDBNull(4) ? null : row.GetInt32(4));

    private async ValueTask<BatchSubmitResult> DecideAsync(SubmitCommand command, Writes writes, CancellationToken cancellationToken)
    {
        var tenant = services.Tenants[command.Tenant];
        var use = UseOf(tenant);
        var items = new SubmitResult?[command.Submissions.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = FindKey(command.Submissions[i]);
            if (items[i] is SubmitResult.KeyReused reused)
                return new BatchSubmitResult.KeyReused(i, reused.Id);
        }

        var fresh = items.Count(item => item is null);
        if (fresh > 0)
        {
            var reason = SubmissionLimits.Refusal(tenant.Limits, use.Accepted, use.Pending, fresh)
                ?? await LanesRefusalAsync(tenant, command.Submissions.Where((_, i) => items[i] is null), cancellationToken);
            if (reason is { } refused)
                return new BatchSubmitResult.OverLimit(refused, await UsageAsync(tenant, use, cancellationToken));
        }

        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is null)
                items[i] = Accept(tenant, use, command.Submissions[i], writes);
        }

        return new BatchSubmitResult.Accepted(items!, Usage(tenant, use, TimeSpan.Zero));
    }

    private TenantUse UseOf(TenantInfo tenant)
    {
        if (!_use.TryGetValue(tenant.Id.Value, out var use))
            _use.Add(tenant.Id.Value, use = new TenantUse());
        return use;
    }

    private SubmitResult.Accepted Accept(TenantInfo tenant, TenantUse use, Submission submission, Writes writes)
    {
        var holdups = new Holdups(
            services.Paused.Contains(tenant.Id, submission.Queue), tenant.Limits.ConcurrencyIsReachedBy(use.Running), TargetFull: false,
            TargetDown: submission.Target is { } target && services.Breakers.Find(tenant.Id.Value, target)?.Breaker.HasOpened == true);
        var job = NewJobs.Make(services, writes, tenant, submission, _now, holdups);
        if (tenant.Limits.MaxNewPerMinute is not null)
            writes.Acceptances[tenant.Id.Value] = writes.Acceptances.GetValueOrDefault(tenant.Id.Value) + 1;
        use.Accepted++;
        use.Pending++;
        if (submission.IdempotencyKey is { } key)
        {
            var hash = KeyHash.Of(key);
            _keys[(tenant.Id.Value, hash)] = new KeyUse(submission.RequestHash!, job.Id, services.Retries.DefaultMaxRetries);
            writes.Keys.Add(new NewKey(tenant.Id.Value, hash, submission.RequestHash!, job.Id, services.Retries.DefaultMaxRetries));
        }

        return new SubmitResult.Accepted(job, Usage(tenant, use, TimeSpan.Zero));
    }

    private SubmitResult? FindKey(Submission submission)
    {
        if (submission.IdempotencyKey is not { } key || !_keys.TryGetValue((submission.Tenant.Value, KeyHash.Of(key)), out var first))
            return null;
        // A field left out equals the default in force at the first request, whatever was set since.
        var hash = submission.HashUnderDefault is { } hashUnder && first.DefaultMaxRetries is { } then && then != submission.MaxRetries
            ? hashUnder(then)
            : submission.RequestHash!;
        return hash.AsSpan().SequenceEqual(first.RequestHash) ? new SubmitResult.Replayed(first.JobId) : new SubmitResult.KeyReused(first.JobId);
    }

    /// <summary>Inserts the keys.</summary>
    /// <returns>False when another transaction has used one of them meanwhile: it is there to be read now.</returns>
    private async Task<bool> TakeKeysAsync(Writes writes, CancellationToken cancellationToken)
    {
        if (writes.Keys.Count == 0)
            return true;
        var keys = writes.Keys;
        var taken = 0;
        await session.Trip().Read(
            "insert_keys",
            _ => taken++,
            Sent.Column(keys, key => key.Tenant),
            Sent.Column(keys, key => key.KeyHash),
            Sent.Column(keys, key => key.RequestHash),
            Sent.Column(keys, key => key.JobId.Value),
            Sent.Column(keys, key => key.DefaultMaxRetries)).RunAsync(cancellationToken);
        return taken == keys.Count;
    }

    /// <summary>Only a tenant that has opened very many lanes is looked at.</summary>
    private async ValueTask<RefusalReason?> LanesRefusalAsync(TenantInfo tenant, IEnumerable<Submission> fresh, CancellationToken cancellationToken)
    {
        if (services.Lanes.CountOf(tenant.Id.Value) <= SubmissionLimits.MaxLanesPerTenant)
            return null;
        if (!_liveLanes.TryGetValue(tenant.Id.Value, out var live))
        {
            _liveLanes.Add(tenant.Id.Value, live = []);
            await session.Trip().Read("live_lanes", row => live.Add(row.GetInt32(0)), Sent.Value(tenant.Id.Value)).RunAsync(cancellationToken);
        }

        var asked = fresh.Select(submission => services.Lanes[NewJobs.LaneOf(submission)].Id).ToHashSet();
        if (asked.IsSubsetOf(live))
            return null;
        if (live.Union(asked).Count() > SubmissionLimits.MaxLanesPerTenant)
            return RefusalReason.Lanes;
        live.UnionWith(asked);
        return null;
    }

    private async ValueTask<TenantUsage> UsageAsync(TenantInfo tenant, TenantUse use, CancellationToken cancellationToken)
    {
        if (tenant.Limits.MaxNewPerMinute is not { } rate || use.Accepted < rate)
            return Usage(tenant, use, TimeSpan.Zero);
        // What this transaction accepted itself leaves the window last of all.
        var wait = 60_000L;
        if (rate > 0)
            await session.Trip().Read(
                "next_acceptance", row => wait = row.GetInt64(0), Sent.Value(tenant.Id.Value), Sent.Value((long)(use.Accepted - rate + 1))).RunAsync(cancellationToken);
        return Usage(tenant, use, TimeSpan.FromMilliseconds(Math.Max(0, wait)));
    }

    private static TenantUsage Usage(TenantInfo tenant, TenantUse use, TimeSpan next) =>
        new(tenant.Limits, use.Running, use.Accepted, use.Pending, next);
}
