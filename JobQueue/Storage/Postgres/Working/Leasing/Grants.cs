using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Working.Ending;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;
using JobQueue.Storage.Queries;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>The leases that one transaction gives out.</summary>
/// <param name="now">The transaction's moment, in milliseconds.</param>
internal sealed class Grants(WriterServices services, WriterSession session, LineBoard board, Writes writes, Targets targets, long now)
{
    /// <summary>Among advisory locks: the limit of running jobs.</summary>
    private const int LockOfRunning = 2;

    private const int MaxPicked = 2000;
    private const int MaxRounds = 4;

    /// <summary>A flood of jobs whose target takes no call must not hold up the others.</summary>
    private const int MaxSetAside = 500;

    private readonly List<Asked> _asked = [];
    private readonly Dictionary<Holder, int> _suspects = [];
    private readonly Dictionary<(int Lane, string Target), int> _newSidings = [];
    private readonly List<(LeaseWish Wish, ReadyRow Row, NewLease Lease)> _granted = [];
    private readonly HashSet<int> _left = [];

    /// <summary>Sidings that this transaction has opened.</summary>
    public IReadOnlyDictionary<(int Lane, string Target), int> NewSidings => _newSidings;

    /// <summary>
    /// Lines that seemed empty while others had locked what is there. They may leave it, and nobody would tell: so they are to be looked at
    /// again in a moment.
    /// </summary>
    public IReadOnlySet<int> Left => _left;

    /// <summary>Wishes that got something.</summary>
    public IEnumerable<LeaseWish> Served => _granted.Select(each => each.Wish).Distinct();

    /// <param name="freed">The tenants of the leases that this transaction has ended, each as often as one ended.</param>
    public async Task DecideAsync(IReadOnlyList<LeaseWish> wishes, IEnumerable<int> freed, CancellationToken cancellationToken)
    {
        var wanted = Math.Min(MaxPicked, wishes.Sum(wish => wish.Request.Slots + wish.Request.Ahead));
        var plan = board.Plan(wanted, line => wishes.Any(wish => MayTake(line, wish.Request, ahead: wish.Request.Slots == 0)));
        if (plan.Count == 0)
            return;
        await LockAsync(plan, freed, cancellationToken);
        await PickAsync(_asked, cancellationToken);
        for (var round = 1; ; round++)
        {
            await GiveAsync(wishes, cancellationToken);
            // Tenants that had less than their share leave it to others, of whom there may be more.
            var left = Math.Min(MaxPicked, wishes.Where(wish => wish.WantsMore && !wish.IsGivenUp).Sum(wish => wish.Request.Slots + wish.Request.Ahead - wish.Granted.Count));
            var further = _asked.FindAll(asked => asked.MayHaveMore && !asked.Line.Tenant.AtLimit);
            if (left == 0 || further.Count == 0 || round == MaxRounds)
                return;
            foreach (var asked in further)
                asked.Most = left + 1;
            await PickAsync(further, cancellationToken);
        }
    }

    /// <summary>Reads what the workers need of the jobs they got, and whether lines are as empty as they seem.</summary>
    public void AddTo(RoundTrip trip)
    {
        var empty = _asked.FindAll(asked => asked.SeemsEmpty);
        if (empty.Count > 0)
            trip.Read("lines_left", row => _left.Add(row.GetInt32(0)), Sent.Column(empty, asked => asked.Line.Id));
        if (_granted.Count == 0)
            return;
        var byId = _granted.ToDictionary(each => each.Row.Place.JobId);
        trip.Read(
            "texts",
            row =>
            {
                var (wish, picked, lease) = byId[row.Id(0)];
                var job = picked.ToJob(services.Tenants[lease.Tenant], services.Lanes[lease.Lane], lease) with
                {
                    Payload = (byte[])row[1],
                    OriginalPayload = JobReading.Json(row.NullableBytes(2)),
                };
                var place = wish.Granted.FindIndex(granted => granted.Token == lease.Token);
                wish.Granted[place] = new LeasedJob(lease.Token, DateTimeOffset.FromUnixTimeMilliseconds(lease.ExpiresAt), job);
            },
            Sent.Ids(byId.Keys));
    }

    /// <summary>The transaction is on disk: what it saw of the lines is kept.</summary>
    public void Keep()
    {
        foreach (var ((lane, target), id) in _newSidings)
            board.AddSiding(id, lane, target);
        foreach (var asked in _asked)
        {
            if (asked.Next is { } next)
                asked.Line.Head = asked.Line.Stirs == asked.Stirs ? next.Place : null;
            else if (asked.SeemsEmpty)
                board.Close(asked.Line, asked.Stirs);
            else
                asked.Line.Head = null;
            // Nobody could take what is there: it is looked at again when something has ended or changed.
            if (asked.IsHeldUp && !asked.Rows.Exists(row => row.IsTaken))
                board.Park(asked.Line, asked.Stirs);
        }
    }

    private async Task GiveAsync(IReadOnlyList<LeaseWish> wishes, CancellationToken cancellationToken)
    {
        foreach (var wish in wishes)
        {
            while (wish.WantsMore && Best(wish) is { } best)
            {
                if (!await MayCallAsync(best, wish, cancellationToken))
                    continue;
                if (!wish.Claim())
                    break;
                Grant(wish, best);
            }
        }
    }

    /// <summary>Locks the tenants that have a limit, then counts what runs.</summary>
    private async Task LockAsync(List<(Line Line, int Most)> plan, IEnumerable<int> freed, CancellationToken cancellationToken)
    {
        var tenants = plan.Select(each => each.Line.Tenant).Distinct().OrderBy(tenant => tenant.Id).ToList();
        var limited = tenants.Where(tenant => tenant.Info.Limits.MaxConcurrent is not null).Select(tenant => tenant.Id).ToArray();
        var trip = session.Trip();
        if (limited.Length > 0)
            trip.Read("lock_tenants", static _ => { }, Sent.Value(LockOfRunning), Sent.Value(limited));
        var running = new Dictionary<int, int>();
        trip.Read("running", row => running[row.GetInt32(0)] = row.GetInt32(1), Sent.Column(tenants, tenant => tenant.Id));
        if (plan.Exists(each => each.Line.Lane.Suspect))
            trip.Read("suspects_running", row => _suspects[Holder.Of(row.GetInt32(0), row.GetString(1), row.NullableText(2))] = row.GetInt32(3));
        await trip.RunAsync(cancellationToken);
        var ended = freed.GroupBy(tenant => tenant).ToDictionary(group => group.Key, group => group.Count());
        foreach (var tenant in tenants)
            tenant.Running = running.GetValueOrDefault(tenant.Id) - ended.GetValueOrDefault(tenant.Id);
        foreach (var (line, most) in plan)
            _asked.Add(new Asked(line, most));
    }

    /// <summary>Reads the next jobs of lines, and locks them.</summary>
    private async Task PickAsync(List<Asked> asked, CancellationToken cancellationToken)
    {
        var byLine = asked.ToDictionary(each => each.Line.Id);
        foreach (var each in asked)
            each.BeginRound();
        await session.Trip().Read(
            "pick_ready",
            row =>
            {
                var picked = ReadyRow.Read(row);
                byLine[picked.Place.Line].Add(picked);
            },
            Sent.Column(asked, each => each.Line.Id),
            Sent.Column(asked, each => each.Most),
            Sent.Column(asked, each => each.Reached.Rank),
            Sent.Column(asked, each => each.Reached.DueAt),
            Sent.Column(asked, each => each.Reached.JobId.Value)).RunAsync(cancellationToken);
        var calling = asked.SelectMany(each => each.Rows).Where(row => row.Target is not null && !row.IsTaken).ToList();
        if (calling.Count > 0)
            await targets.ReadAsync(session, calling.Select(row => services.Lanes[row.Lane].TenantId), withCalls: _granted.Count == 0, cancellationToken);
    }

    /// <summary>
    /// The job that a worker should take: of the tenant with the fewest running jobs, then served longest ago; inside the tenant the best.
    /// </summary>
    private (Asked Asked, ReadyRow Row)? Best(LeaseWish wish)
    {
        var ahead = wish.Granted.Count >= wish.Request.Slots;
        (Asked Asked, ReadyRow Row)? best = null;
        foreach (var asked in _asked)
        {
            if (asked.Line.Tenant.AtLimit || asked.IsPassedOver || !MayTake(asked.Line, wish.Request, ahead) || asked.Next is not { } next)
                continue;
            if (asked.Line.Lane.Suspect && _suspects.GetValueOrDefault(HolderOf(asked.Line, wish)) > 0)
            {
                asked.IsHeldUp = true;
                continue;
            }

            if (asked.Line.Target is { } target && !targets.MayCall(asked.Line.Tenant.Id, target, HolderOf(asked.Line, wish), Moment))
            {
                asked.IsHeldUp = true;
                continue;
            }

            if (best is not { } other || IsBefore(asked.Line.Tenant, next, other.Asked.Line.Tenant, other.Row))
                best = (asked, next);
        }

        return best;
    }

    private static bool IsBefore(TenantLoad tenant, ReadyRow row, TenantLoad other, ReadyRow otherRow)
    {
        var order = tenant.Running.CompareTo(other.Running);
        if (order == 0)
            order = tenant.LastServed.CompareTo(other.LastServed);
        if (order == 0)
            order = tenant.Id.CompareTo(other.Id);
        return (order == 0 ? PlaceOrder.Instance.Compare(row.Place, otherRow.Place) : order) < 0;
    }

    /// <summary>Puts a job aside whose target takes no call now: others of the lane need not wait for it.</summary>
    private async ValueTask<bool> MayCallAsync((Asked Asked, ReadyRow Row) best, LeaseWish wish, CancellationToken cancellationToken)
    {
        var (asked, row) = best;
        if (asked.Line.Target is not null || row.Target is not { } target
            || targets.MayCall(asked.Line.Tenant.Id, target, HolderOf(asked.Line, wish), Moment))
        {
            return true;
        }

        if (writes.SetAside.Count >= MaxSetAside)
        {
            asked.IsPassedOver = true;
            return false;
        }

        row.IsTaken = true;
        writes.SetAside.Add((row.Place, await SidingAsync(row.Lane, target, cancellationToken)));
        writes.Lane(asked.Line.Lane).Ready--;
        return false;
    }

    private async ValueTask<int> SidingAsync(int lane, string target, CancellationToken cancellationToken)
    {
        if (board.FindSiding(lane, target) is { } known)
            return known.Id;
        if (_newSidings.TryGetValue((lane, target), out var id))
            return id;
        await session.Trip().Read("open_siding", row => id = row.GetInt32(0), Sent.Value(lane), Sent.Value(target)).RunAsync(cancellationToken);
        _newSidings.Add((lane, target), id);
        return id;
    }

    private void Grant(LeaseWish wish, (Asked Asked, ReadyRow Row) best)
    {
        var (asked, row) = best;
        var (lane, tenant, request) = (services.Lanes[row.Lane], asked.Line.Tenant, wish.Request);
        var process = request.Worker.Process;
        var timeoutAt = now + (row.TimeoutSeconds * 1000L);
        var duration = (int)request.Duration.TotalMilliseconds;
        // The server itself ends an attempt of its own at its timeout; of a remote one only the lease is in its hands.
        var expiresAt = process is null ? Math.Min(now + duration, timeoutAt) : now + duration;
        var lease = new NewLease(
            new LeaseToken(row.Place.JobId, services.Random.Next()), tenant.Id, lane.Id, row.Attempts + 1, request.Worker.Name, process,
            now, expiresAt, timeoutAt, duration);
        row.IsTaken = true;
        writes.ReadyOut.Add(row.Place);
        writes.LeasesIn.Add(lease);
        var waited = Math.Max(0, now - row.Place.DueAt);
        var change = writes.Lane(lane);
        change.Pending--;
        if (asked.Line.Target is null)
            change.Ready--;
        change.MinuteStarted++;
        change.MinuteWaitMilliseconds += waited;
        board.Served(tenant);
        if (lane.Suspect)
            _suspects[HolderOf(asked.Line, wish)] = _suspects.GetValueOrDefault(HolderOf(asked.Line, wish)) + 1;
        if (row.Target is { } target)
            targets.Begin(tenant.Id, target, HolderOf(asked.Line, wish), row.Place.JobId, Moment);
        wish.Granted.Add(new LeasedJob(lease.Token, default, null!));
        wish.Bytes += row.PayloadBytes;
        _granted.Add((wish, row, lease));
        writes.Events.Add(new JobEvent
        {
            Kind = JobEventKind.Started,
            JobId = row.Place.JobId,
            TenantId = tenant.Info.Id,
            Tenant = tenant.Info.Name,
            Queue = lane.Queue,
            Type = lane.Type,
            Status = JobStatus.Running,
            At = DateTimeOffset.FromUnixTimeMilliseconds(now),
            Trace = row.Trace,
            Attempt = lease.Attempt,
            Worker = lease.Worker,
            Wait = TimeSpan.FromMilliseconds(waited),
        });
    }

    private TimeSpan Moment => TimeSpan.FromMilliseconds(now);

    private static Holder HolderOf(Line line, LeaseWish wish) =>
        Holder.Of(line.Tenant.Id, wish.Request.Worker.Name, wish.Request.Worker.Process);

    /// <summary>Whether a wish may take jobs from a line, as far as is known without asking.</summary>
    private bool MayTake(Line line, LeaseRequest request, bool ahead) => LineRules.MayTake(services, line, request, ahead, Moment);

    /// <summary>A line that was looked at.</summary>
    private sealed class Asked(Line line, int most)
    {
        private int _next;
        private int _read;

        public Line Line => line;

        /// <summary>How many are asked for at a time.</summary>
        public int Most { get; set; } = most;

        public int Stirs { get; } = line.Stirs;

        public List<ReadyRow> Rows { get; } = [];

        /// <summary>How far its jobs were read.</summary>
        public ReadyPlace Reached { get; private set; } = new(line.Id, int.MinValue, long.MinValue, default);

        /// <summary>Whether its jobs are there and may not run.</summary>
        public bool IsHeldUp { get; set; }

        /// <summary>Whether this transaction has done enough with it.</summary>
        public bool IsPassedOver { get; set; }

        /// <summary>Whether all that was read of it is taken, and there may be more.</summary>
        public bool MayHaveMore => Next is null && _read == Most && !IsPassedOver;

        public bool SeemsEmpty => Next is null && !MayHaveMore;

        /// <summary>Its first job that is left.</summary>
        public ReadyRow? Next
        {
            get
            {
                while (_next < Rows.Count && Rows[_next].IsTaken)
                    _next++;
                return _next < Rows.Count ? Rows[_next] : null;
            }
        }

        public void BeginRound() => _read = 0;

        public void Add(ReadyRow row)
        {
            Rows.Add(row);
            Reached = row.Place;
            _read++;
        }
    }
}
