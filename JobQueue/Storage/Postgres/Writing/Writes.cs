using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing.Rows;
using Npgsql;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>
/// What a transaction is going to write: gathered while its commands are decided, and sent as one statement for each kind, however many
/// commands there are.
/// </summary>
internal sealed class Writes
{
    private readonly Dictionary<int, LaneChange> _lanes = [];

    public List<NewKey> Keys { get; } = [];
    public List<NewJob> Jobs { get; } = [];
    public List<JobMove> Moves { get; } = [];
    public List<(JobId JobId, byte[] Text)> Results { get; } = [];
    public List<(JobId JobId, byte[] Payload, string? Target)> Mended { get; } = [];
    public List<ReadyPlace> ReadyIn { get; } = [];
    public List<ReadyPlace> ReadyOut { get; } = [];
    public List<(ReadyPlace Place, int Siding)> SetAside { get; } = [];
    public List<ScheduledPlace> ScheduledIn { get; } = [];
    public List<ScheduledPlace> ScheduledOut { get; } = [];
    public List<NewLease> LeasesIn { get; } = [];
    public List<LeaseToken> LeasesOut { get; } = [];

    /// <summary>Tenants that run less than before.</summary>
    public HashSet<int> FreedTenants { get; } = [];

    public Dictionary<JobId, (long ExpiresAt, int Duration)> Extended { get; } = [];
    public Dictionary<JobId, JobProgress> Progress { get; } = [];
    public List<JobId> CancelRequested { get; } = [];
    public List<EndedAttempt> Attempts { get; } = [];
    public List<NewLogLine> Logs { get; } = [];
    public List<NewDeadLetter> DeadIn { get; } = [];
    public List<JobId> DeadOut { get; } = [];
    public List<(JobId Ended, JobId Teller)> Callbacks { get; } = [];
    public Dictionary<int, int> Acceptances { get; } = [];
    public List<SavedBreaker> Breakers { get; } = [];
    public List<(int Tenant, string Target)> BreakersClosed { get; } = [];
    public List<AuditLine> Audit { get; } = [];

    /// <summary>What will have happened once this is on disk.</summary>
    public List<JobEvent> Events { get; } = [];

    /// <summary>Whether others have to read anew what is paused, limited or left alone.</summary>
    public bool ConfigurationChanges { get; set; }

    /// <summary>Whether there is anything to write.</summary>
    public bool Any { get; private set; }

    public LaneChange Lane(LaneInfo lane)
    {
        if (!_lanes.TryGetValue(lane.Id, out var change))
            _lanes.Add(lane.Id, change = new LaneChange(lane.Id, lane.TenantId));
        return change;
    }

    /// <summary>Lets a job wait: in its lane when it is due, else in the schedule.</summary>
    /// <param name="asked">The wait that was asked for in seconds; <see langword="null"/> where a moment was.</param>
    public void Wait(LaneInfo lane, JobId id, int priority, long dueAt, long now, TimeSpan? asked = null)
    {
        Lane(lane).Pending++;
        if (dueAt <= now)
            MakeReady(lane, new ReadyPlace(lane.Id, -priority, dueAt, id));
        else
            ScheduledIn.Add(new ScheduledPlace(dueAt, id, lane.Id, -priority, (long?)asked?.TotalMilliseconds));
    }

    public void MakeReady(LaneInfo lane, ReadyPlace place)
    {
        Lane(lane).Ready++;
        ReadyIn.Add(place);
    }

    /// <summary>Adds the statements, in an order in which each finds what those before it did.</summary>
    /// <param name="writer">Its number among all writers.</param>
    /// <param name="now">The transaction's moment, in milliseconds.</param>
    public void AddTo(RoundTrip trip, int writer, long now)
    {
        var before = trip.Count;
        if (Jobs.Count > 0)
            AddJobs(trip);
        if (Moves.Count > 0)
            AddMoves(trip);
        if (Results.Count > 0)
            trip.Write("set_results", Results.Count, Sent.Column(Results, each => each.JobId.Value), Sent.Column(Results, each => each.Text));
        foreach (var (id, payload, target) in Mended)
        {
            trip.Write("mend_payload", 1, Sent.Id(id), Sent.Value(payload));
            trip.Write("set_target", 1, Sent.Id(id), Sent.Value(target));
        }

        AddWaiting(trip);
        AddLeases(trip);
        AddHistory(trip);
        AddBreakers(trip);
        AddCounters(trip, writer, now);
        Any = trip.Count > before;
    }

    private void AddJobs(RoundTrip trip)
    {
        trip.Write(
            "insert_jobs",
            null,
            Sent.Column(Jobs, job => job.Id.Value),
            Sent.Column(Jobs, job => job.Submission.Tenant.Value),
            Sent.Column(Jobs, job => job.Lane),
            Sent.Column(Jobs, job => job.Submission.Priority),
            Sent.Column(Jobs, job => job.Submission.MaxRetries),
            Sent.Column(Jobs, job => job.Submission.TimeoutSeconds),
            Sent.Column(Jobs, job => job.DueAt),
            Sent.Column(Jobs, job => job.CreatedAt),
            Sent.Column(Jobs, job => job.Submission.IdempotencyKey),
            Sent.Column(Jobs, job => Tags.Write(job.Submission.Tags)),
            Sent.Column(Jobs, job => TraceId(job.Submission.Trace)),
            Sent.Column(Jobs, job => SpanId(job.Submission.Trace)),
            Sent.Column(Jobs, job => job.Submission.SubmittedBy),
            Sent.Column(Jobs, job => job.Submission.Target),
            Sent.Column(Jobs, job => job.Submission.Callback?.Url),
            Sent.Column(Jobs, job => (int?)job.Submission.Callback?.On));
        trip.Write(
            "insert_texts", null, Sent.Column(Jobs, job => job.Id.Value), Sent.Column(Jobs, job => job.Submission.Payload.ToArray()));
    }

    private void AddMoves(RoundTrip trip) => trip.Write(
        "update_jobs",
        Moves.Count,
        Sent.Column(Moves, move => move.Id.Value),
        Sent.Column(Moves, move => (int)move.Was),
        Sent.Column(Moves, move => move.Lane),
        Sent.Column(Moves, move => (int)move.Status),
        Sent.Column(Moves, move => (int?)move.Reason),
        Sent.Column(Moves, move => move.Retries),
        Sent.Column(Moves, move => move.Crashes),
        Sent.Column(Moves, move => move.RunAt),
        Sent.Column(Moves, move => move.Attempts),
        Sent.Column(Moves, move => move.StartedAt),
        Sent.Column(Moves, move => move.FinishedAt),
        Sent.Column(Moves, move => move.Worker),
        Sent.Column(Moves, move => move.Error?.Message),
        Sent.Column(Moves, move => move.Error?.Type));

    private void AddWaiting(RoundTrip trip)
    {
        if (ReadyOut.Count > 0)
            trip.Write("delete_ready", ReadyOut.Count, Places(ReadyOut));
        if (ScheduledOut.Count > 0)
            trip.Write("delete_scheduled", ScheduledOut.Count, Sent.Column(ScheduledOut, place => place.DueAt), Sent.Column(ScheduledOut, place => place.JobId.Value));
        if (SetAside.Count > 0)
        {
            var places = SetAside.ConvertAll(each => each.Place);
            trip.Write("set_aside", SetAside.Count, [.. Places(places), Sent.Column(SetAside, each => each.Siding)]);
        }

        if (ReadyIn.Count > 0)
            trip.Write("insert_ready", null, Places(ReadyIn));
        if (ScheduledIn.Count > 0)
            trip.Write(
                "insert_scheduled",
                null,
                Sent.Column(ScheduledIn, place => place.DueAt),
                Sent.Column(ScheduledIn, place => place.JobId.Value),
                Sent.Column(ScheduledIn, place => place.Lane),
                Sent.Column(ScheduledIn, place => place.Rank),
                Sent.Column(ScheduledIn, place => place.WaitMilliseconds));
    }

    private void AddLeases(RoundTrip trip)
    {
        if (LeasesOut.Count > 0)
            trip.Write("delete_leases", LeasesOut.Count, Sent.Column(LeasesOut, token => token.Job.Value), Sent.Column(LeasesOut, token => token.Secret));
        foreach (var ended in LeasesOut)
        {
            Extended.Remove(ended.Job);
            Progress.Remove(ended.Job);
        }

        if (Extended.Count > 0)
        {
            var extended = Extended.ToList();
            trip.Write(
                "extend_leases",
                extended.Count,
                Sent.Column(extended, each => each.Key.Value),
                Sent.Column(extended, each => each.Value.ExpiresAt),
                Sent.Column(extended, each => each.Value.Duration));
        }

        if (Progress.Count > 0)
        {
            var said = Progress.ToList();
            trip.Write(
                "set_progress",
                said.Count,
                Sent.Column(said, each => each.Key.Value),
                Sent.Column(said, each => each.Value.Percent),
                Sent.Column(said, each => each.Value.Message));
        }

        foreach (var id in CancelRequested)
            trip.Write("cancel_lease", 1, Sent.Id(id));
        if (LeasesIn.Count > 0)
            trip.Write(
                "insert_leases",
                null,
                Sent.Column(LeasesIn, lease => lease.Token.Job.Value),
                Sent.Column(LeasesIn, lease => lease.Tenant),
                Sent.Column(LeasesIn, lease => lease.Lane),
                Sent.Column(LeasesIn, lease => lease.Token.Secret),
                Sent.Column(LeasesIn, lease => lease.Attempt),
                Sent.Column(LeasesIn, lease => lease.Worker),
                Sent.Column(LeasesIn, lease => lease.Process),
                Sent.Column(LeasesIn, lease => lease.StartedAt),
                Sent.Column(LeasesIn, lease => lease.ExpiresAt),
                Sent.Column(LeasesIn, lease => lease.TimeoutAt),
                Sent.Column(LeasesIn, lease => lease.Duration));
    }

    private void AddHistory(RoundTrip trip)
    {
        if (Attempts.Count > 0)
            trip.Write(
                "insert_attempts",
                null,
                Sent.Column(Attempts, each => each.JobId.Value),
                Sent.Column(Attempts, each => each.Number),
                Sent.Column(Attempts, each => each.Worker),
                Sent.Column(Attempts, each => each.StartedAt),
                Sent.Column(Attempts, each => each.FinishedAt),
                Sent.Column(Attempts, each => (int)each.Outcome),
                Sent.Column(Attempts, each => each.Error?.Message),
                Sent.Column(Attempts, each => each.Error?.Type));
        if (Logs.Count > 0)
            trip.Write(
                "insert_logs",
                null,
                Sent.Column(Logs, line => line.JobId.Value),
                Sent.Column(Logs, line => line.Number),
                Sent.Column(Logs, line => line.At),
                Sent.Column(Logs, line => line.Attempt),
                Sent.Column(Logs, line => line.Message));
        if (DeadOut.Count > 0)
            trip.Write("delete_dead_letters", DeadOut.Count, Sent.Ids(DeadOut));
        if (DeadIn.Count > 0)
            trip.Write(
                "insert_dead_letters",
                null,
                Sent.Column(DeadIn, each => each.JobId.Value),
                Sent.Column(DeadIn, each => each.Tenant),
                Sent.Column(DeadIn, each => each.Lane),
                Sent.Column(DeadIn, each => (int)each.Reason),
                Sent.Column(DeadIn, each => each.Error.Message),
                Sent.Column(DeadIn, each => each.Error.Type),
                Sent.Column(DeadIn, each => each.Fingerprint),
                Sent.Column(DeadIn, each => each.Attempts),
                Sent.Column(DeadIn, each => each.DeadAt));
        if (Callbacks.Count > 0)
            trip.Write("insert_callbacks", null, Sent.Column(Callbacks, each => each.Ended.Value), Sent.Column(Callbacks, each => each.Teller.Value));
        if (Audit.Count > 0)
            trip.Write(
                "insert_audit",
                null,
                Sent.Column(Audit, line => line.At),
                Sent.Column(Audit, line => line.Actor),
                Sent.Column(Audit, line => line.Action),
                Sent.Column(Audit, line => line.Tenant),
                Sent.Column(Audit, line => line.Target),
                Sent.Column(Audit, line => line.Detail),
                Sent.Column(Audit, line => line.RemoteAddress));
    }

    private void AddBreakers(RoundTrip trip)
    {
        if (BreakersClosed.Count > 0)
            trip.Write("delete_breakers", null, Sent.Column(BreakersClosed, each => each.Tenant), Sent.Column(BreakersClosed, each => each.Target));
        if (Breakers.Count > 0)
            trip.Write(
                "save_breakers",
                null,
                Sent.Column(Breakers, each => each.Tenant),
                Sent.Column(Breakers, each => each.Target),
                Sent.Column(Breakers, each => each.Failures),
                Sent.Column(Breakers, each => each.FirstFailedAt),
                Sent.Column(Breakers, each => each.ErrorType),
                Sent.Column(Breakers, each => each.Pause),
                Sent.Column(Breakers, each => each.KnownAt),
                Sent.Column(Breakers, each => each.Rest),
                Sent.Column(Breakers, each => each.Probe?.Value));
    }

    private void AddCounters(RoundTrip trip, int writer, long now)
    {
        if (Acceptances.Count > 0)
        {
            var accepted = Acceptances.ToList();
            trip.Write("forget_acceptances", null, Sent.Column(accepted, each => each.Key));
            // A moment told to the millisecond may have been up to a millisecond later.
            trip.Write("insert_acceptances", null, Sent.Column(accepted, each => each.Key), Sent.Column(accepted, _ => now + 1), Sent.Column(accepted, each => each.Value));
        }

        var lanes = _lanes.Values.Where(lane => lane.CountersChange).ToList();
        if (lanes.Count > 0)
            trip.Write(
                "count_lanes",
                null,
                Sent.Value(writer),
                Sent.Column(lanes, lane => lane.Lane),
                Sent.Column(lanes, lane => lane.Tenant),
                Sent.Column(lanes, lane => lane.Pending),
                Sent.Column(lanes, lane => lane.Ready),
                Sent.Column(lanes, lane => lane.Done),
                Sent.Column(lanes, lane => lane.Failed),
                Sent.Column(lanes, lane => lane.Dead));
        lanes = _lanes.Values.Where(lane => lane.MinuteChanges).ToList();
        if (lanes.Count > 0)
            trip.Write(
                "count_minutes",
                null,
                Sent.Value(writer),
                Sent.Value((int)(now / 60_000)),
                Sent.Column(lanes, lane => lane.Lane),
                Sent.Column(lanes, lane => lane.MinuteSubmitted),
                Sent.Column(lanes, lane => lane.MinuteDone),
                Sent.Column(lanes, lane => lane.MinuteFailed),
                Sent.Column(lanes, lane => lane.MinuteRetried),
                Sent.Column(lanes, lane => lane.MinuteStarted),
                Sent.Column(lanes, lane => lane.MinuteWaitMilliseconds),
                Sent.Column(lanes, lane => lane.MinuteRunMilliseconds));
    }

    private static NpgsqlParameter[] Places(List<ReadyPlace> places) =>
    [
        Sent.Column(places, place => place.Line), Sent.Column(places, place => place.Rank),
        Sent.Column(places, place => place.DueAt), Sent.Column(places, place => place.JobId.Value),
    ];

    private static byte[] TraceId(TraceParent trace)
    {
        var bytes = new byte[16];
        trace.TraceId.CopyTo(bytes);
        return bytes;
    }

    private static byte[]? SpanId(TraceParent trace)
    {
        if (trace.SpanId == default)
            return null;
        var bytes = new byte[8];
        trace.SpanId.CopyTo(bytes);
        return bytes;
    }
}
