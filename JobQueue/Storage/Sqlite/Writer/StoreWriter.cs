using System.Diagnostics;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Leasing;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// The one writer: a thread that owns the writing connection. It applies whatever waits in one transaction, commits, and only
/// then answers every caller (group commit). There is no timer and no least batch: an idle store commits a single write at once;
/// what arrives during a flush is the next batch, so under load the batch grows by itself.
/// </summary>
/// <remarks>
/// When a command throws, the whole transaction is rolled back, the board is read anew, and the batch runs again command by
/// command, so that the guilty one fails alone.
/// </remarks>
internal sealed partial class StoreWriter : IDisposable
{
    private readonly WriterInbox _inbox = new();
    private readonly WriteBatch _batch;
    private readonly LeaseWishes _wishes = new();
    private readonly SqliteConnection _connection;
    private readonly HotStatements _sql;
    private readonly WriteContext _context;
    private readonly EventPublisher _publisher;
    private readonly Checkpointer _checkpointer;
    private readonly ILogger _logger;
    private readonly Action<TimeSpan, int> _onCommitted;
    private readonly Action<Exception> _onFatal;
    private readonly ITimer _dueTimer;
    private readonly Thread _thread;
    private long _dueArmedFor = long.MaxValue;
    private volatile bool _stopping;
    private volatile bool _ended;
    private volatile Exception? _fatal;

    /// <param name="connection">The writer's own; its <c>synchronous</c> decides whether a commit is on the disk when it is answered.</param>
    /// <param name="retries">When failed jobs run again.</param>
    /// <param name="publisher">Where events go once they are committed.</param>
    /// <param name="checkpointer">Moves what is committed into the database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For writes that failed.</param>
    /// <param name="onCommitted">Called with the time each transaction took and how many writes it had.</param>
    /// <param name="onFatal">Called when the disk cannot be trusted any more.</param>
    public StoreWriter(
        SqliteConnection connection,
        RetryPolicy retries,
        EventPublisher publisher,
        Checkpointer checkpointer,
        TimeProvider time,
        ILogger logger,
        Action<TimeSpan, int> onCommitted,
        Action<Exception> onFatal)
    {
        (_connection, _publisher, _checkpointer, _logger) = (connection, publisher, checkpointer, logger);
        (_onCommitted, _onFatal) = (onCommitted, onFatal);
        _batch = new WriteBatch(_inbox);
        _sql = new HotStatements(connection);
        _context = new WriteContext(connection, _sql, time, retries);
        Board = _context.Board;
        _dueTimer = time.CreateTimer(_ => DueTimerFired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
    }

    /// <summary>The board as of the last commit or the transaction under way, for reading.</summary>
    public LaneBoard Board { get; private set; }

    /// <summary>Whether so many writes wait that new ones are refused. From any thread.</summary>
    public bool IsOverloaded => _inbox.IsOverloaded;

    public void Start() => _thread.Start();

    /// <summary>Hands a write to the writer.</summary>
    /// <exception cref="StoreOverloadedException">Too many wait already.</exception>
    /// <exception cref="StoreStoppedException">The store takes no more.</exception>
    public void Post(StoreCommand command)
    {
        if (_stopping)
        {
            command.Fail(new StoreStoppedException(_fatal));
            return;
        }

        _inbox.Add(command);
        if (_ended)
            FailWaiting();
    }

    public void Post(LeaseCommand wish)
    {
        if (_stopping)
        {
            wish.GiveUp();
            return;
        }

        _inbox.Add(wish);
        if (_ended)
            FailWaiting();
    }

    /// <summary>Writes what waits, answers everyone, and ends the thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _inbox.Wake();
        if (_thread.IsAlive)
            _thread.Join();
        _ended = true;
        // Either who posts sees that, or what he posted is seen here.
        Interlocked.MemoryBarrier();
        FailWaiting();
    }

    /// <summary>The disk cannot be trusted any more: nothing is written from now on, and everybody hears it. From any thread.</summary>
    public void Break(Exception exception)
    {
        if (Interlocked.CompareExchange(ref _fatal, exception, null) is null)
            _onFatal(exception);
    }

    /// <summary>Whether the disk failed.</summary>
    public bool IsBroken => _fatal is not null;

    public void Dispose()
    {
        _dueTimer.Dispose();
        _sql.Dispose();
        _inbox.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            TakeWishes();
            _batch.Begin();
            Process(_batch.Writes);
            _wishes.Settle(last: _stopping);
            ArmDueTimer();
            if (_batch.WaitForMore())
                continue;
            if (_stopping)
                break;
            _inbox.Sleep(() => !_inbox.IsEmpty || _stopping);
        }

        _wishes.Settle(last: _stopping);
    }

    private void TakeWishes()
    {
        while (_inbox.TryTake(out LeaseCommand? wish))
            _wishes.Take(wish);
    }

    private void Process(IReadOnlyList<StoreCommand> batch)
    {
        if (_fatal is not null)
        {
            FailAll(batch, new StoreStoppedException(_fatal));
            return;
        }

        if (batch.Count == 0 && !MustServe)
            return;
        var began = Stopwatch.GetTimestamp();
        long flush;
        try
        {
            flush = Commit(batch);
        }
        catch (Exception exception)
        {
            Undo(batch, exception);
            return;
        }

        _onCommitted(Stopwatch.GetElapsedTime(began), batch.Count);
        _batch.Committed(flush);
        Answer(batch);
        _checkpointer.Committed(_connection);
    }

    private bool MustServe => _wishes.MayBeServed(_context.Board);

    /// <returns>What writing and flushing the log took, in ticks of the stopwatch.</returns>
    private long Commit(IReadOnlyList<StoreCommand> batch)
    {
        _sql.Begin.Run();
        var applied = 0;
        do
        {
            _context.Refresh();
            ClockMoves.Follow(_context);
            for (; applied < batch.Count; applied++)
                batch[applied].Apply(_context);
        }
        // Commands that are done over one by one take nobody in.
        while (batch == _batch.Writes && _batch.TakeMore());

        TakeWishes();
        _wishes.Serve(_context);
        WriteLanes();
        var began = Stopwatch.GetTimestamp();
        _sql.Commit.Run();
        var took = Stopwatch.GetTimestamp() - began;
        _context.Board.ChangesWritten(_context.Time.GetTimestamp());
        return took;
    }

    private void Answer(IReadOnlyList<StoreCommand> batch)
    {
        foreach (var command in batch)
            command.Complete();
        _wishes.Answer();
        if (_context.Events.Count == 0)
            return;
        _publisher.Publish(_context.Events);
        _context.Events.Clear();
    }

    private void WriteLanes()
    {
        var minute = (int)(_context.NowMilliseconds / 60_000);
        foreach (var lane in _context.Board.ChangedLanes)
            lane.Write(_sql, minute);
    }

    private void Undo(IReadOnlyList<StoreCommand> batch, Exception exception)
    {
        var (guilty, fatal) = (_wishes.Served, WriteErrors.IsFatal(exception));
        try
        {
            Rollback();
            if (!fatal)
                Board = _context.Board = BoardLoader.Load(_sql, _context.Time, _context.Board);
        }
        catch (Exception worse)
        {
            // What cannot be read back cannot be trusted either.
            (exception, fatal) = (worse, true);
        }

        if (fatal)
        {
            FailAll(batch, new StoreStoppedException(exception));
            Break(exception);
        }
        else if (guilty is not null)
        {
            LogCommandFailed(_logger, exception, nameof(LeaseCommand));
            _wishes.Fail(guilty, WriteErrors.Translate(exception));
            Process(batch);
        }
        else if (batch.Count > 1)
        {
            foreach (var command in batch)
                Process([command]);
        }
        else
        {
            LogCommandFailed(_logger, exception, batch.Count == 0 ? nameof(LeaseCommand) : batch[0].GetType().Name);
            FailAll(batch, WriteErrors.Translate(exception));
            // The wishes that stood beside it are still to be served.
            if (batch.Count > 0)
                Process([]);
        }
    }

    private void Rollback()
    {
        _wishes.Undo();
        _context.Undo();
        // An error of the disk may have rolled back already.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _sql.Rollback.Run();
    }

    private static void FailAll(IEnumerable<StoreCommand> batch, Exception exception)
    {
        foreach (var command in batch)
            command.Fail(exception);
    }

    private void FailWaiting()
    {
        while (_inbox.TryTake(out StoreCommand? command))
            command.Fail(new StoreStoppedException(_fatal));
        while (_inbox.TryTake(out LeaseCommand? wish))
            wish.GiveUp();
    }

    /// <summary>Wakes the writer when the next scheduled job is due.</summary>
    private void ArmDueTimer()
    {
        if (_fatal is not null || NextDue() is not { } due)
            return;
        if (Interlocked.Exchange(ref _dueArmedFor, due) == due)
            return;
        var now = _context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        // Timers take 49 days at most; one that comes too early does no harm.
        var wait = due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Clamp(due - now, 0, int.MaxValue));
        _dueTimer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private long? NextDue()
    {
        try
        {
            if (_context.NextDue is null)
            {
                var rows = _sql.NextDue;
                _context.NextDue = rows.Step() ? rows.Int64(0) : long.MaxValue;
                rows.Reset();
            }

            return _context.NextDue;
        }
        catch (SqliteException exception)
        {
            // No write stands behind this read that could be told of it: what cannot be read cannot be trusted.
            Break(exception);
            return null;
        }
    }

    private void DueTimerFired()
    {
        Interlocked.Exchange(ref _dueArmedFor, 0);
        Post(new ReapCommand(_context.Time.GetTimestamp()));
    }

    [LoggerMessage(2001, LogLevel.Error, "A write failed and was undone: {Command}")]
    private static partial void LogCommandFailed(ILogger logger, Exception exception, string command);
}
