using System.Collections.Concurrent;
using System.Diagnostics;
using JobQueue.Jobs;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// The one writer: a thread that owns the writing connection. It takes whatever waits, applies it in one transaction, commits,
/// and only then answers every caller (group commit). There is no timer and no least batch: an idle store commits a single
/// write at once, and under load the batch grows by itself while the disk is busy.
/// </summary>
/// <remarks>
/// When a command throws, the whole transaction is rolled back, the board is read anew, and the batch runs again command by
/// command, so that the guilty one fails alone.
/// </remarks>
internal sealed partial class StoreWriter : IDisposable
{
    private const int MaxBatchJobs = 1000;
    private const int MaxBatchBytes = 4 << 20;
    private const int MaxWaitingJobs = 20_000;
    private const int MaxWaitingBytes = 64 << 20;

    private readonly ConcurrentQueue<StoreCommand> _waiting = new();
    private readonly ConcurrentQueue<LeaseCommand> _wishes = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly List<StoreCommand> _batch = [];
    private readonly List<LeaseCommand> _parked = [];
    private readonly List<Lane> _peeked = [];
    private readonly SqliteConnection _connection;
    private readonly HotStatements _sql;
    private readonly WriteContext _context;
    private readonly EventPublisher _publisher;
    private readonly Checkpointer _checkpointer;
    private readonly Action<TimeSpan, int> _onCommitted;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFatal;
    private readonly ITimer _dueTimer;
    private readonly Thread _thread;

    private LeaseCommand? _served;
    private long _dueArmedFor = long.MaxValue;
    private int _waitingJobs;
    private long _waitingBytes;
    private int _sleeping;
    private volatile bool _stopping;
    private volatile bool _ended;
    private volatile Exception? _fatal;

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
        _connection = connection;
        _publisher = publisher;
        _checkpointer = checkpointer;
        _onCommitted = onCommitted;
        _logger = logger;
        _onFatal = onFatal;
        _sql = new HotStatements(connection);
        _context = new WriteContext(connection, _sql, time, retries);
        Board = _context.Board;
        _dueTimer = time.CreateTimer(_ => DueTimerFired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
    }

    /// <summary>The board as of the last commit, for reading.</summary>
    public LaneBoard Board { get; private set; }

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

        // Counted without itself, so that a batch larger than the bound is not told to come again for ever.
        var jobs = Interlocked.Add(ref _waitingJobs, command.Jobs) - command.Jobs;
        var bytes = Interlocked.Add(ref _waitingBytes, command.Bytes) - command.Bytes;
        if (command.Refusable && (jobs >= MaxWaitingJobs || bytes >= MaxWaitingBytes))
        {
            Taken(command);
            throw new StoreOverloadedException();
        }

        _waiting.Enqueue(command);
        Wake();
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

        _wishes.Enqueue(wish);
        Wake();
        if (_ended)
            FailWaiting();
    }

    /// <summary>Writes what waits, answers everyone, and ends the thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _wake.Set();
        if (_thread.IsAlive)
            _thread.Join();
        _ended = true;
        FailWaiting();
    }

    public void Dispose()
    {
        _dueTimer.Dispose();
        _sql.Dispose();
        _wake.Dispose();
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) == 1)
            _wake.Set();
    }

    private void Run()
    {
        while (true)
        {
            Take();
            if (_batch.Count > 0 || (_parked.Count > 0 && _context.Board is { Stirred: true, AnythingToServe: true }))
                Process(_batch);
            else if (_stopping && _waiting.IsEmpty && _wishes.IsEmpty)
                break;
            AnswerParked();
            ArmDueTimer();
            if (_waiting.IsEmpty && _wishes.IsEmpty)
                Sleep();
        }

        AnswerParked();
    }

    private void Sleep()
    {
        _ = Interlocked.Exchange(ref _sleeping, 1);
        if (_waiting.IsEmpty && _wishes.IsEmpty && !_stopping)
            _wake.WaitOne();
        _ = Interlocked.Exchange(ref _sleeping, 0);
    }

    private void Take()
    {
        _batch.Clear();
        while (_wishes.TryDequeue(out var wish))
        {
            _parked.Add(wish);
            _context.Board.Stirred = true;
        }

        var (jobs, bytes) = (0, 0);
        while (jobs < MaxBatchJobs && bytes < MaxBatchBytes && _waiting.TryDequeue(out var command))
        {
            Taken(command);
            if (!command.Wanted)
                continue;
            _batch.Add(command);
            jobs += command.Jobs;
            bytes += command.Bytes;
        }
    }

    private void Taken(StoreCommand command)
    {
        Interlocked.Add(ref _waitingJobs, -command.Jobs);
        Interlocked.Add(ref _waitingBytes, -command.Bytes);
    }

    private void Process(List<StoreCommand> batch)
    {
        if (_fatal is not null)
        {
            FailAll(batch, new StoreStoppedException(_fatal));
            return;
        }

        try
        {
            var started = Stopwatch.GetTimestamp();
            Transact(batch);
            _onCommitted(Stopwatch.GetElapsedTime(started), batch.Count);
        }
        catch (Exception exception)
        {
            Undo(batch, exception);
            return;
        }

        Board = _context.Board;
        foreach (var command in batch)
            command.Complete();
        AnswerParked();
        if (_context.Events.Count > 0)
        {
            _publisher.Publish(_context.Events);
            _context.Events = [];
        }

        _checkpointer.Committed(_connection);
    }

    private void Transact(List<StoreCommand> batch)
    {
        _sql.Begin.Run();
        _context.Begin();
        foreach (var command in batch)
            command.Apply(_context);
        ServeParked();
        WriteCounters();
        _sql.Commit.Run();
        _context.Board.ChangesWritten();
    }

    private void ServeParked()
    {
        var board = _context.Board;
        if (!board.Stirred || _parked.Count == 0)
            return;
        foreach (var wish in _parked)
        {
            if (!board.AnythingToServe)
                break;
            _served = wish;
            wish.Serve(_context, _peeked);
        }

        _served = null;
        foreach (var lane in _peeked)
            lane.Peeked.Clear();
        _peeked.Clear();
        board.Stirred = false;
    }

    /// <summary>
    /// Answers the wishes that got something, and those that do not wait: after every commit, since what is on disk must not be
    /// undone with a later one.
    /// </summary>
    private void AnswerParked()
    {
        for (var i = _parked.Count - 1; i >= 0; i--)
        {
            var wish = _parked[i];
            if (wish.Granted.Count > 0)
                wish.Complete();
            else if (wish.Request.Wait == TimeSpan.Zero || _stopping)
                wish.GiveUp();
            else if (!wish.IsGivenUp)
                continue;
            _parked.RemoveAt(i);
        }
    }

    private void WriteCounters()
    {
        var minute = _context.NowMilliseconds / 60_000;
        foreach (var lane in _context.Board.ChangedLanes)
        {
            var (counters, minutes) = (lane.Counters, lane.Minute);
            _sql.UpdateLane.Bind(lane.Id).Bind(counters.Pending).Bind(counters.Ready).Bind(counters.Done).Bind(counters.Failed)
                .Bind(counters.Dead).Run();
            _sql.AddMinute.Bind(lane.Id).Bind(minute).Bind(minutes.Submitted).Bind(minutes.Done).Bind(minutes.Failed)
                .Bind(minutes.Retried).Bind(minutes.Started).Bind(minutes.WaitMilliseconds).Bind(minutes.RunMilliseconds).Run();
        }
    }

    private void Undo(List<StoreCommand> batch, Exception exception)
    {
        var (guilty, fatal) = (_served, IsFatal(exception));
        try
        {
            Rollback();
            if (!fatal)
                _context.Board = BoardLoader.Load(_sql, _context.Time, _context.Board);
        }
        catch (Exception worse)
        {
            // What cannot be read back cannot be trusted either.
            (exception, fatal) = (worse, true);
        }

        if (fatal)
        {
            _fatal = exception;
            FailAll(batch, new StoreStoppedException(exception));
            _onFatal(exception);
        }
        else if (guilty is not null)
        {
            LogCommandFailed(_logger, exception, nameof(LeaseCommand));
            _parked.Remove(guilty);
            guilty.Fail(Translate(exception));
            Process(batch);
        }
        else if (batch.Count > 1)
        {
            foreach (var command in batch.ToArray())
                Process([command]);
        }
        else
        {
            LogCommandFailed(_logger, exception, batch.Count == 0 ? nameof(LeaseCommand) : batch[0].GetType().Name);
            FailAll(batch, Translate(exception));
        }
    }

    private void Rollback()
    {
        _served = null;
        foreach (var wish in _parked)
            wish.Undo();
        _peeked.Clear();
        _context.Events.Clear();
        _context.NextDue = null;
        // An error of the disk may have rolled back already.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _sql.Rollback.Run();
    }

    /// <summary>After a failed flush nobody knows what is on disk: only a restart, which reads it, can tell.</summary>
    private static bool IsFatal(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } or BoardMismatchException;

    private static Exception Translate(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
            ? new DiskFullException("The disk is full. Free some space; what is stored is safe.")
            : exception;

    private static void FailAll(List<StoreCommand> batch, Exception exception)
    {
        foreach (var command in batch)
            command.Fail(exception);
    }

    private void FailWaiting()
    {
        while (_waiting.TryDequeue(out var command))
            command.Fail(new StoreStoppedException(_fatal));
        while (_wishes.TryDequeue(out var wish))
            wish.GiveUp();
    }

    /// <summary>Wakes the writer when the next scheduled job is due.</summary>
    private void ArmDueTimer()
    {
        if (_fatal is not null)
            return;
        if (_context.NextDue is null)
        {
            var rows = _sql.NextDue;
            _context.NextDue = rows.Step() ? rows.Int64(0) : long.MaxValue;
            rows.Reset();
        }

        var due = _context.NextDue.Value;
        if (Interlocked.Exchange(ref _dueArmedFor, due) == due)
            return;
        var now = _context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        // Timers take 49 days at most; one that comes too early does no harm.
        var wait = due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Clamp(due - now, 0, int.MaxValue));
        _dueTimer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void DueTimerFired()
    {
        Interlocked.Exchange(ref _dueArmedFor, 0);
        Post(new ReapCommand());
    }

    [LoggerMessage(2001, LogLevel.Error, "A write failed and was undone: {Command}")]
    private static partial void LogCommandFailed(ILogger logger, Exception exception, string command);
}
