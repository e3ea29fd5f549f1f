using System.Collections.Concurrent;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Controlling;
using JobQueue.Storage.Postgres.Listening;
using JobQueue.Storage.Postgres.Working.Leasing;
using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>Gives out jobs and takes their ends, looks after what the clock brings, and does what people command.</summary>
internal sealed class WorkWriter : WriterLoop
{
    /// <summary>How often those who wait look for what nobody told of: a notice may be lost.</summary>
    private static readonly TimeSpan SafetyLook = TimeSpan.FromSeconds(5);

    /// <summary>How long others' locks on ready jobs last, about.</summary>
    private static readonly TimeSpan LocksLast = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentQueue<LeaseWish> _posted = new();
    private readonly ConcurrentQueue<Notice> _notices = new();
    private readonly List<LeaseWish> _waiting = [];
    private readonly List<LeaseWish> _arrived = [];

    /// <summary>Wishes that came with ends of the batch under way.</summary>
    private readonly HashSet<LeaseWish> _brought = [];
    private readonly LineBoard _board;
    private readonly ITimer _dueTimer;
    private WorkTransaction? _transaction;

    /// <summary>How many wishes are to be tried alone, after a transaction with them has failed.</summary>
    private int _doubted;

    private long _nextDue = long.MaxValue;
    private long _lookedAtAll;
    private volatile bool _stopping;
    private volatile bool _lookAtAll = true;
    private volatile bool _readConfiguration = true;

    public WorkWriter(WriterServices services)
        : base(services)
    {
        _board = new LineBoard(services.Tenants, services.Lanes);
        _dueTimer = services.Time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait for jobs, as of the last transaction.</summary>
    public int Waiting => _waiting.Count;

    public void Post(LeaseWish wish)
    {
        if (_stopping)
        {
            wish.GiveUp();
            return;
        }

        _posted.Enqueue(wish);
        Inbox.Wake();
        if (_stopping)
            GiveUpPosted();
    }

    /// <summary>Something has happened, here or in another process. From any thread.</summary>
    public void Heed(Notice notice)
    {
        _notices.Enqueue(notice);
        Inbox.Wake();
    }

    /// <summary>Something may have happened that nobody told of. From any thread.</summary>
    public void LookAtAll()
    {
        _lookAtAll = true;
        _readConfiguration = true;
        Inbox.Wake();
    }

    protected override bool HasWork => !_posted.IsEmpty || !_notices.IsEmpty || _lookAtAll || _readConfiguration || MayServe;

    protected override async Task WriteAsync(IReadOnlyList<PostgresCommand> batch, CancellationToken cancellationToken)
    {
        await TakeInAsync(cancellationToken);
        if (batch is [IControlCommand control])
        {
            await ControlAsync(control, cancellationToken);
            return;
        }

        foreach (var command in batch)
        {
            // Once, however often the transaction is tried.
            if (command is EndsCommand { Next: { } next } && _brought.Add(next))
                _arrived.Add(next);
        }

        if (batch.All(command => command is ReapCommand) && !await LookAsync(batch, cancellationToken))
            batch = [];
        if (batch.Count == 0 && !MayServe)
        {
            _doubted = 0;
            return;
        }

        var transaction = new WorkTransaction(Services, Session, _board);
        _transaction = transaction;
        // Ends make room: whether somebody may be served is known after them.
        await transaction.DecideAsync(batch, Trusted(batch, MayServe || batch.Count > 0), cancellationToken);
        Services.Clock.Note(transaction.Now);
        await CommitAsync(transaction.Writes, transaction.Now, cancellationToken, trip =>
        {
            transaction.Granted?.AddTo(trip);
            transaction.AddReading(trip);
        });
        if (transaction.HasMore)
            Post(new ReapCommand());
    }

    protected override void Written()
    {
        if (_transaction is { } transaction)
        {
            foreach (var ((tenant, target), breaker) in transaction.Targets.Changed)
                Services.Breakers.Set(tenant, target, breaker);
            transaction.Granted?.Keep();
            if (transaction.Granted is { Left.Count: > 0 } granted)
                _ = LookAgainAsync(granted.Left);
            if (transaction.Writes.LeasesOut.Count > 0 || transaction.Targets.Changed.Count > 0)
                _board.StirParked();
            foreach (var wish in transaction.Granted?.Served ?? [])
            {
                _waiting.Remove(wish);
                _arrived.Remove(wish);
                wish.Complete();
            }

            _transaction = null;
        }

        _brought.Clear();
        if (_doubted > 0 && --_doubted > 0)
        {
            Rotate();
            return;
        }

        SettleArrived();
    }

    protected override void Undone()
    {
        if (_transaction is null)
            return;
        _transaction = null;
        foreach (var wish in _waiting.Concat(_arrived))
            wish.Undo();
        _doubted = _waiting.Count + _arrived.Count;
        // What memory counted of the transaction is void.
        _board.Forget();
        _lookAtAll = true;
    }

    protected override void Unreachable(Exception exception)
    {
        TakePosted();
        // Who waits goes on waiting, for what may come when the database is back.
        foreach (var wish in _arrived.Where(wish => wish.Request.Wait == TimeSpan.Zero).ToList())
        {
            _arrived.Remove(wish);
            wish.Fail(PostgresErrors.Translate(exception));
        }
    }

    protected override void GaveUp(Exception exception)
    {
        // It was tried alone.
        if (_waiting.Concat(_arrived).FirstOrDefault() is not { } wish)
            return;
        wish.Fail(PostgresErrors.Translate(exception));
        _waiting.Remove(wish);
        _arrived.Remove(wish);
    }

    protected override void Ended()
    {
        _stopping = true;
        _dueTimer.Dispose();
        foreach (var wish in _waiting.Concat(_arrived))
            wish.GiveUp();
        _waiting.Clear();
        _arrived.Clear();
        GiveUpPosted();
    }

    private bool MayServe => _waiting.Concat(_arrived).Any(wish => _board.MayServe(wish, (line, request) =>
        LineRules.MayTake(Services, line, request, ahead: request.Slots == 0, TimeSpan.FromMilliseconds(Services.Clock.Now))));

    /// <summary>Until the transaction of another is over.</summary>
    private async Task LookAgainAsync(IReadOnlySet<int> lines)
    {
        await Task.Delay(LocksLast, TimeProvider.System);
        Heed(Notice.OfLines(lines));
    }

    private void TakePosted()
    {
        while (_posted.TryDequeue(out var wish))
        {
            // Posted again because its caller has given up.
            if (wish.IsGivenUp)
                _waiting.Remove(wish);
            else
                _arrived.Add(wish);
        }
    }

    /// <summary>Takes in what was posted and told, and reads what has to be known.</summary>
    private async Task TakeInAsync(CancellationToken cancellationToken)
    {
        TakePosted();
        while (_notices.TryDequeue(out var notice))
        {
            foreach (var line in notice.Lines)
                _board.Stir(line);
            foreach (var tenant in notice.Tenants)
                _board.Free(tenant);
            if (notice.Tenants.Count > 0)
                _board.StirParked();
            _readConfiguration |= notice.Configuration;
            if (notice.DueAt is { } due)
                SetDue(due);
        }

        if (_readConfiguration)
        {
            _readConfiguration = false;
            await Services.Tenants.LoadAsync(Session.Connection, cancellationToken);
            await Services.Paused.LoadAsync(Session.Connection, cancellationToken);
            await Services.Breakers.LoadAsync(Session.Connection, cancellationToken);
            _board.StirParked();
        }

        // Who does not wait and would get nothing gets the whole truth.
        if (_lookAtAll || (_arrived.Exists(wish => wish.Request.Wait == TimeSpan.Zero) && !MayServe))
            await LookForLinesAsync(cancellationToken);
        if (_board.Unknown.Count > 0)
            await ResolveAsync(cancellationToken);
    }

    private async Task LookForLinesAsync(CancellationToken cancellationToken)
    {
        _lookAtAll = false;
        _lookedAtAll = Services.Time.GetTimestamp();
        await Session.Trip().Read("lines_ready", row => _board.Stir(row.GetInt32(0))).RunAsync(cancellationToken);
    }

    /// <summary>Reads lines that were met for the first time.</summary>
    private async Task ResolveAsync(CancellationToken cancellationToken)
    {
        if (_board.Unknown.Any(id => id < 0))
        {
            var sidings = new List<(int Id, int Lane, string Target)>();
            await Session.Trip().Read("load_sidings", row => sidings.Add((row.GetInt32(0), row.GetInt32(1), row.GetString(2)))).RunAsync(cancellationToken);
            await Services.Lanes.LoadAsync(Session.Connection, sidings.Select(siding => siding.Lane), cancellationToken);
            foreach (var (id, lane, target) in sidings.Where(siding => Services.Lanes.Find(siding.Lane) is not null))
                _board.AddSiding(id, lane, target);
        }

        await Services.Lanes.LoadAsync(Session.Connection, _board.Unknown.Where(id => id > 0), cancellationToken);
        _board.ResolveUnknown();
        await Services.Tenants.EnsureAsync(Session.Connection, _board.Tenants, cancellationToken);
    }

    /// <summary>Asks whether the clock has brought anything.</summary>
    private async Task<bool> LookAsync(IReadOnlyList<PostgresCommand> reaps, CancellationToken cancellationToken)
    {
        if (reaps.Count == 0)
            return false;
        var (now, expired, due, paused) = (0L, false, (long?)null, false);
        await Session.Trip().Read(
            "look", row => (now, expired, due, paused) = (row.GetInt64(0), row.GetBoolean(1), row.NullableLong(2), row.GetBoolean(3))).RunAsync(cancellationToken);
        Services.Clock.Note(now);
        _nextDue = long.MaxValue;
        if (due is { } next)
            SetDue(next);
        // A pause of a target may be over.
        _board.StirParked();
        if (_waiting.Count > 0 && Services.Time.GetElapsedTime(_lookedAtAll) >= SafetyLook)
            _lookAtAll = true;
        return expired || paused || due <= now;
    }

    /// <summary>Those who may be served in this transaction.</summary>
    private List<LeaseWish> Trusted(IReadOnlyList<PostgresCommand> batch, bool any)
    {
        if (!any)
            return [];
        if (_doubted == 0)
            return [.. _waiting, .. _arrived];
        // A transaction has failed: each is tried alone, and not beside commands.
        return batch.Count > 0 ? [] : [.. _waiting.Concat(_arrived).Take(1)];
    }

    private async Task ControlAsync(IControlCommand command, CancellationToken cancellationToken)
    {
        var transaction = new ControlTransaction(Services, Session);
        await transaction.BeginAsync(cancellationToken);
        await command.DecideAsync(transaction, cancellationToken);
        await CommitAsync(transaction.Writes, transaction.Now, cancellationToken);
    }

    private void SettleArrived()
    {
        foreach (var wish in _arrived)
        {
            if (wish.Request.Wait == TimeSpan.Zero)
                wish.GiveUp();
            else if (!wish.IsGivenUp)
                _waiting.Add(wish);
        }

        _arrived.Clear();
        _waiting.RemoveAll(static wish => wish.IsGivenUp);
    }

    /// <summary>Lets another one be the first to be tried alone.</summary>
    private void Rotate()
    {
        var list = _waiting.Count > 0 ? _waiting : _arrived;
        if (list.Count == 0)
            return;
        var first = list[0];
        list.RemoveAt(0);
        list.Add(first);
    }

    private void SetDue(long due)
    {
        if (due >= _nextDue)
            return;
        _nextDue = due;
        var wait = Math.Clamp(due - Services.Clock.Now, 0, int.MaxValue);
        _dueTimer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        if (!_stopping)
            Post(new ReapCommand());
    }

    private void GiveUpPosted()
    {
        while (_posted.TryDequeue(out var wish))
            wish.GiveUp();
    }
}
