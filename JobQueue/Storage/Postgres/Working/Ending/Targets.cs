using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing;
using Npgsql;

namespace JobQueue.Storage.Postgres.Working.Ending;

/// <summary>What one transaction knows of targets, and learns of them. The breakers it has read are locked.</summary>
internal sealed class Targets(WriterServices services, Writes writes)
{
    private readonly HashSet<int> _tenants = [];
    private readonly Dictionary<(int Tenant, string Target), KnownBreaker?> _breakers = [];
    private readonly Dictionary<(string Target, Holder Holder), int> _calls = [];

    /// <summary>What became of breakers: null for one that is closed. Known to all when the transaction is on disk.</summary>
    public Dictionary<(int Tenant, string Target), KnownBreaker?> Changed { get; } = [];

    /// <summary>Targets to which a call has ended.</summary>
    public HashSet<string> CallsEnded { get; } = [];

    /// <summary>Reads what is known of the targets of these tenants' jobs.</summary>
    public async Task ReadAsync(WriterSession session, IEnumerable<int> tenants, bool withCalls, CancellationToken cancellationToken)
    {
        var missing = tenants.Where(_tenants.Add).Order().ToArray();
        var trip = session.Trip();
        if (missing.Length > 0)
            trip.Read("lock_breakers", Add, Sent.Value(missing));
        if (withCalls)
        {
            _calls.Clear();
            trip.Read("calls_running", AddCalls);
        }

        await trip.RunAsync(cancellationToken);
    }

    public bool MayCall(int tenant, string target, Holder holder, TimeSpan now) =>
        _breakers.GetValueOrDefault((tenant, target))?.TakesCallsAt(now) != false
        && _calls.GetValueOrDefault((target, holder)) < JobTarget.MaxCallsAtOnce;

    public void Begin(int tenant, string target, Holder holder, JobId job, TimeSpan now)
    {
        _calls[(target, holder)] = _calls.GetValueOrDefault((target, holder)) + 1;
        if (_breakers.GetValueOrDefault((tenant, target)) is { Breaker.HasOpened: true, Probe: null } breaker && !breaker.Breaker.IsOpenAt(now))
            Set(breaker with { Probe = job });
    }

    /// <summary>Notes what an attempt's end tells of its target.</summary>
    /// <returns>
    /// The outcome that counts: an attempt that fails because of a target that is known to be down is handed back, as it tells nothing of
    /// the job.
    /// </returns>
    public JobOutcome Heed(HeldLease lease, JobOutcome outcome, TenantInfo tenant, LaneInfo lane, long now)
    {
        if (lease.Target is not { } target)
            return outcome;
        CallsEnded.Add(target);
        var key = (lease.TenantId, target);
        var before = _breakers.GetValueOrDefault(key);
        var isProbe = before?.Probe == lease.Token.Job;
        if (Breaker.IsFailure(outcome) is not { } isFailure)
        {
            if (isProbe)
                Set(before! with { Probe = null });
            return outcome;
        }

        if (!isFailure)
        {
            if (before is null)
                return outcome;
            Close(key);
            if (before.Breaker.HasOpened)
                Say(JobEventKind.TargetUp, lease, tenant, lane, null, now);
            return outcome;
        }

        var failed = (JobOutcome.Failed)outcome;
        var asked = failed.RetryAfter ?? TimeSpan.Zero;
        var after = Breaker.AfterFailure(
            before?.Breaker,
            TimeSpan.FromMilliseconds(now),
            failed.Error.Type!,
            asked < services.Retries.MaxRetryAfter ? asked : services.Retries.MaxRetryAfter,
            isProbe);
        Set(new KnownBreaker(lease.TenantId, target, after, isProbe ? null : before?.Probe));
        if (after.HasOpened && after.OpenUntil != before?.Breaker.OpenUntil)
            Say(JobEventKind.TargetDown, lease, tenant, lane, after, now);
        return before is { Breaker.HasOpened: true } && failed.Retryable && !lease.CancelRequested
            ? new JobOutcome.Released { StartedAt = outcome.StartedAt }
            : outcome;
    }

    /// <summary>Adds what was learnt to the writes.</summary>
    public void Write()
    {
        foreach (var (key, breaker) in Changed)
        {
            if (breaker is null)
                writes.BreakersClosed.Add(key);
            else
                writes.Breakers.Add(breaker.ToRow());
        }

        writes.ConfigurationChanges |= Changed.Count > 0;
    }

    private void Set(KnownBreaker breaker) =>
        Changed[(breaker.Tenant, breaker.Target)] = _breakers[(breaker.Tenant, breaker.Target)] = breaker;

    private void Close((int Tenant, string Target) key) => Changed[key] = _breakers[key] = null;

    private void Add(NpgsqlDataReader row)
    {
        var breaker = KnownBreaker.Read(row);
        _breakers.TryAdd((breaker.Tenant, breaker.Target), breaker);
    }

    private void AddCalls(NpgsqlDataReader row) =>
        _calls[(row.GetString(0), Holder.Of(row.GetInt32(1), row.GetString(2), row.NullableText(3)))] =
            _calls.GetValueOrDefault((row.GetString(0), Holder.Of(row.GetInt32(1), row.GetString(2), row.NullableText(3)))) + row.GetInt32(4);

    private void Say(JobEventKind kind, HeldLease lease, TenantInfo tenant, LaneInfo lane, Breaker? breaker, long now) => writes.Events.Add(new JobEvent
    {
        Kind = kind,
        JobId = default,
        TenantId = tenant.Id,
        Tenant = tenant.Name,
        Queue = lane.Queue,
        Type = lane.Type,
        Status = JobStatus.Pending,
        At = DateTimeOffset.FromUnixTimeMilliseconds(now),
        Target = lease.Target,
        Error = breaker is null ? null : new JobError(breaker.ErrorType, breaker.ErrorType),
        RunAt = breaker is null ? null : DateTimeOffset.UnixEpoch + breaker.OpenUntil,
    });
}
