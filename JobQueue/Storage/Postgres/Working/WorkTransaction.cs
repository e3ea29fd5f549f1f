using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Working.Ending;
using JobQueue.Storage.Postgres.Working.Leasing;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>
/// One transaction of work: ends, heartbeats, what the clock brings, then the next jobs for those who wait. Locks are taken in one order
/// by all: leases by id, tenants by id, ready jobs without waiting, breakers by name.
/// </summary>
internal sealed class WorkTransaction(WriterServices services, WriterSession session, LineBoard board)
{
    private const int MaxExpired = 200;
    private const int MaxDue = 500;

    private readonly Dictionary<JobId, HeldLease> _leases = [];
    private readonly HashSet<JobId> _ended = [];
    private readonly List<HeldLease> _expired = [];
    private readonly List<ScheduledPlace> _due = [];
    private readonly List<(int Tenant, string Queue)> _resumed = [];
    private IReadOnlyDictionary<JobId, EndsCommand> _reading = new Dictionary<JobId, EndsCommand>();
    private long _now;

    public Writes Writes { get; } = new();

    public Targets Targets { get; private set; } = null!;

    public Grants? Granted { get; private set; }

    /// <summary>In milliseconds of the database's clock.</summary>
    public long Now => _now;

    /// <summary>Whether the clock has brought more than fits into one transaction.</summary>
    public bool HasMore => _expired.Count == MaxExpired || _due.Count == MaxDue;

    /// <summary>Leaves the transaction open.</summary>
    /// <param name="wishes">Those who want jobs, who has waited longest first.</param>
    public async Task DecideAsync(IReadOnlyList<PostgresCommand> commands, IReadOnlyList<LeaseWish> wishes, CancellationToken cancellationToken)
    {
        Targets = new Targets(services, Writes);
        var reaps = commands.OfType<ReapCommand>().ToList();
        await ReadAsync(commands, reaps.Count > 0, cancellationToken);
        var logs = new AttemptLogs();
        await logs.ReadAsync(session, Talking(commands).ToList(), cancellationToken);
        await OpenLanesAsync(cancellationToken);
        var moves = new EndMoves(services, Writes, Targets, logs, _now);
        foreach (var command in commands)
            Apply(command, moves);
        Reap(moves);
        foreach (var reap in reaps)
            reap.Result = _expired.Count;
        await new EndTelling(services, session, Writes).TellAsync(moves.ToTell, _now, cancellationToken);
        foreach (var tenant in Writes.LeasesOut.GroupBy(token => _leases[token.Job].TenantId))
            board.Tenant(tenant.Key).Running = Math.Max(0, board.Tenant(tenant.Key).Running - tenant.Count());
        if (wishes.Count > 0)
        {
            Granted = new Grants(services, session, board, Writes, Targets, _now);
            await Granted.DecideAsync(wishes, Writes.LeasesOut.Select(token => _leases[token.Job].TenantId), cancellationToken);
        }

        Targets.Write();
        _reading = commands.OfType<EndsCommand>().Where(command => command.ReadsJob && command.Result![0] is not null)
            .ToDictionary(command => command.Ends[0].Lease.Job);
    }

    /// <summary>Reads the jobs that are wanted as they are after their attempts' ends.</summary>
    public void AddReading(RoundTrip trip)
    {
        foreach (var (id, command) in _reading)
            trip.Read("select_jobs", row => command.Job = JobRows.Read(row, services), Sent.Ids([id]));
    }

    private async Task ReadAsync(IReadOnlyList<PostgresCommand> commands, bool reaps, CancellationToken cancellationToken)
    {
        var ids = commands.SelectMany(TokensOf).Select(token => token.Job).Distinct().Order().ToList();
        var trip = session.Trip().Begin();
        if (ids.Count > 0)
            trip.Read("lock_leases", row => Add(HeldLease.Read(row)), Sent.Ids(ids));
        if (reaps)
        {
            trip.Read("lock_expired", row => _expired.Add(Add(HeldLease.Read(row))), Sent.Value(MaxExpired));
            trip.Read(
                "due_scheduled",
                row => _due.Add(new ScheduledPlace(row.GetInt64(0), row.Id(1), row.GetInt32(2), row.GetInt32(3), null)),
                Sent.Value(MaxDue));
            trip.Read("paused_until", row => _resumed.Add((row.GetInt32(0), row.GetString(1))));
        }

        trip.Read("now", row => _now = row.GetInt64(0));
        await trip.RunAsync(cancellationToken);
        // What is ended by its holder in this very transaction has not run out.
        _expired.RemoveAll(lease => ids.Contains(lease.Token.Job));
        var (leases, tenants) = (_leases.Values, _leases.Values.Select(lease => lease.TenantId).Concat(_resumed.Select(queue => queue.Tenant)));
        await services.Lanes.LoadAsync(session.Connection, leases.Select(lease => lease.LaneId).Concat(_due.Select(place => place.Lane)), cancellationToken);
        await services.Tenants.EnsureAsync(session.Connection, tenants.Concat(_due.Select(place => services.Lanes[place.Lane].TenantId)), cancellationToken);
        var calling = leases.Where(lease => lease.Target is not null).Select(lease => lease.TenantId).ToHashSet();
        if (calling.Count > 0)
            await Targets.ReadAsync(session, calling, withCalls: false, cancellationToken);
    }

    private HeldLease Add(HeldLease lease) => _leases[lease.Token.Job] = lease;

    private static IEnumerable<LeaseToken> TokensOf(PostgresCommand command) => command switch
    {
        EndsCommand ends => ends.Ends.Select(end => end.Lease),
        HeartbeatCommand heartbeat => [heartbeat.Token],
        ExtendCommand extend => extend.Tokens,
        _ => [],
    };

    /// <summary>Leases whose log may get lines.</summary>
    private IEnumerable<HeldLease> Talking(IReadOnlyList<PostgresCommand> commands)
    {
        var heard = commands.OfType<HeartbeatCommand>().Where(command => command.Report.Lines.Count > 0).Select(command => command.Token);
        var ended = commands.OfType<EndsCommand>().SelectMany(command => command.Ends)
            .Where(end => end.Outcome is { Report.Lines.Count: > 0 } or JobOutcome.Failed { RetryAfter: not null }).Select(end => end.Lease);
        return heard.Concat(ended).Select(token => token.Job).Distinct().Where(_leases.ContainsKey).Select(id => _leases[id]);
    }

    /// <summary>The lanes that jobs may go to when they are handed back or have crashed.</summary>
    private Task OpenLanesAsync(CancellationToken cancellationToken) => services.Lanes.OpenAsync(
        session.Connection,
        _leases.Values.SelectMany(lease => new[]
        {
            EndMoves.LaneAfter(services.Lanes[lease.LaneId], lease.Crashes), EndMoves.LaneAfter(services.Lanes[lease.LaneId], lease.Crashes + 1),
        }),
        cancellationToken);

    private void Apply(PostgresCommand command, EndMoves moves)
    {
        switch (command)
        {
            case EndsCommand ends:
                ends.Result = [.. ends.Ends.Select(end => End(end, ends, moves))];
                break;
            case HeartbeatCommand heartbeat:
                heartbeat.Result = Hear(heartbeat, moves);
                break;
            case ExtendCommand extend:
                extend.Result = [.. extend.Tokens.Where(token => !Extend(token, extend.Duration))];
                break;
        }
    }

    private SettledAttempt? End(AttemptEnd end, EndsCommand command, EndMoves moves)
    {
        if (Current(end.Lease, command.Scope, command.Arrived) is not { } lease)
            return null;
        var status = JobStatus.Running;
        if (end.Outcome is { } outcome)
        {
            _ended.Add(lease.Token.Job);
            status = moves.Settle(lease, outcome, onlySuspect: true);
        }

        return new SettledAttempt(lease.Held(services.Tenants[lease.TenantId], services.Lanes[lease.LaneId]), status);
    }

    private HeartbeatResult? Hear(HeartbeatCommand heartbeat, EndMoves moves)
    {
        if (Current(heartbeat.Token, heartbeat.Scope, heartbeat.Arrived) is not { } lease)
            return null;
        var end = Extend(lease, lease.Duration);
        moves.Keep(lease, heartbeat.Report);
        return new HeartbeatResult(DateTimeOffset.FromUnixTimeMilliseconds(end), lease.CancelRequested)
        {
            Held = lease.Held(services.Tenants[lease.TenantId], services.Lanes[lease.LaneId]),
        };
    }

    private bool Extend(LeaseToken token, TimeSpan duration)
    {
        if (Current(token, null, services.Time.GetTimestamp()) is not { } lease)
            return false;
        Extend(lease, (int)duration.TotalMilliseconds);
        return true;
    }

    private long Extend(HeldLease lease, int duration)
    {
        var end = _now + duration;
        // The server itself ends an attempt of its own at its timeout; of a remote one only the lease is in its hands.
        if (lease.Process is null)
            end = Math.Min(end, lease.TimeoutAt);
        Writes.Extended[lease.Token.Job] = (end, duration);
        return end;
    }

    /// <summary>The caller's current lease, or null: it was never theirs, was settled, or had run out when they called.</summary>
    /// <param name="arrived">A call counts by its arrival: how long it had to wait here is not the caller's fault.</param>
    private HeldLease? Current(LeaseToken token, TenantId? scope, long arrived)
    {
        if (!_leases.TryGetValue(token.Job, out var lease) || lease.Token != token || _ended.Contains(token.Job)
            || (scope is { } tenant && lease.TenantId != tenant.Value))
        {
            return null;
        }

        var waited = (long)services.Time.GetElapsedTime(arrived).TotalMilliseconds;
        return lease.Process is not null || lease.ExpiresAt > _now - waited ? lease : null;
    }

    private void Reap(EndMoves moves)
    {
        foreach (var lease in _expired)
        {
            // Among the suspects that one holder had at once none can be told to be the guilty one.
            var onlySuspect = _expired.Count(other => other.Suspect && other.Holder == lease.Holder) <= 1;
            JobOutcome outcome = lease.Process is null && lease.TimeoutAt <= _now
                ? new JobOutcome.Failed(new JobError("The attempt took longer than its timeout.", JobErrors.Timeout))
                : new JobOutcome.Crashed();
            moves.Settle(lease, outcome, onlySuspect);
        }

        foreach (var place in _due)
        {
            Writes.ScheduledOut.Add(place);
            var lane = services.Lanes[place.Lane];
            Writes.MakeReady(lane, new ReadyPlace(lane.Id, place.Rank, place.DueAt, place.JobId));
        }

        foreach (var (tenant, queue) in _resumed)
            QueueMoves.Resumed(services, Writes, new TenantId(tenant), queue, "system:until", _now);
    }
}
