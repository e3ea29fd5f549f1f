using System.Diagnostics;
using JobQueue.Jobs;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// The one writer: a thread that owns the writing connection. It applies whatever waits in one transaction, commits, and hands
/// it to the <see cref="CommitFlusher"/>, which flushes it and only then answers every caller (group commit). There is no timer
/// and no least batch: an idle store commits a single write at once; while the disk is busy with one transaction, the next one
/// stays open and takes in what arrives until it is as large, so under load the batch grows by itself.
/// </summary>
/// <remarks>
/// When a command throws, the whole transaction is rolled back, the board is read anew, and the batch runs again command by
/// command, so that the guilty one fails alone.
/// </remarks>
internal sealed partial class StoreWriter : IDisposable
{
    private const int MaxBatchJobs = 1000;
    private const int MaxBatchBytes = 4 << 20;

    private readonly WriterInbox _inbox = new();
    private readonly List<StoreCommand> _taken = [];
    private readonly List<LeaseCommand> _parked = [];
    private readonly SqliteConnection _connection;
    private readonly HotStatements _sql;
    private readonly WriteContext _context;
    private readonly WriteAheadLog _log;
    private readonly CommitFlusher _flusher;
    private readonly Checkpointer _checkpointer;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFatal;
    private readonly ITimer _dueTimer;
    private readonly Thread _thread;

    // The transaction under way: what was applied in it.
    private List<StoreCommand> _batch = [];
    private bool _open;
    private long _began;
    private int _batchJobs;
    private int _batchBytes;

    private LeaseCommand? _served;
    private long _dueArmedFor = long.MaxValue;
    private volatile bool _stopping;
    private volatile bool _ended;
    private volatile Exception? _fatal;

    /// <param name="connection">The writer's own, without flushes (<c>synchronous=NORMAL</c>).</param>
    /// <param name="durable">Whether each commit is flushed before it is answered.</param>
    /// <param name="retries">When failed jobs run again.</param>
    /// <param name="publisher">Where events go once they are durable.</param>
    /// <param name="checkpointer">Moves what is committed into the database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For writes that failed.</param>
    /// <param name="onDurable">Called with the time each transaction took and how many writes it had.</param>
    /// <param name="onFatal">Called when the disk cannot be trusted any more.</param>
    public StoreWriter(
        SqliteConnection connection,
        bool durable,
        RetryPolicy retries,
        EventPublisher publisher,
        Checkpointer checkpointer,
        TimeProvider time,
        ILogger logger,
        Action<TimeSpan, int> onDurable,
        Action<Exception> onFatal)
    {
        _connection = connection;
        _checkpointer = checkpointer;
        _logger = logger;
        _onFatal = onFatal;
        _sql = new HotStatements(connection);
        _context = new WriteContext(connection, _sql, time, retries);
        Board = _context.Board;
        _log = new WriteAheadLog(connection);
        _flusher = new CommitFlusher(durable ? _log.Flush : () => { }, publisher, _inbox.Wake, Break, onDurable);
        _dueTimer = time.CreateTimer(_ => DueTimerFired(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
    }

    /// <summary>The board as of the last commit or the transaction under way, for reading.</summary>
    public LaneBoard Board { get; private set; }

    /// <summary>Whether so many writes wait that new ones are refused. From any thread.</summary>
    public bool IsOverloaded => _inbox.IsOverloaded;

    private bool BatchIsFull => _batchJobs >= MaxBatchJobs || _batchBytes >= MaxBatchBytes;

    public void Start()
    {
        _flusher.Start();
        _thread.Start();
    }

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

    /// <summary>Writes what waits, answers everyone, and ends the threads.</summary>
    public void Stop()
    {
        _stopping = true;
        _inbox.Wake();
        if (_thread.IsAlive)
            _thread.Join();
        _flusher.Dispose();
        _ended = true;
        FailWaiting();
    }

    public void Dispose()
    {
        _dueTimer.Dispose();
        _sql.Dispose();
        _log.Dispose();
        _inbox.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            Take();
            Process(_taken);
            AnswerParked();
            ArmDueTimer();
            if (_open)
                _inbox.Sleep(WriterInbox.WorthWaking, () => _flusher.IsFree || _inbox.HasEnoughToWork);
            else if (!_inbox.IsEmpty)
                continue;
            else if (_stopping)
                break;
            else
                _inbox.Sleep(leastJobs: 1, () => !_inbox.IsEmpty || _stopping);
        }

        AnswerParked();
    }

    private void Take()
    {
        _taken.Clear();
        while (_inbox.TryTake(out LeaseCommand? wish))
        {
            _parked.Add(wish);
            _context.Board.Stirred = true;
        }

        while (!BatchIsFull && _inbox.TryTake(out StoreCommand? command))
        {
            if (!command.Wanted)
                continue;
            _taken.Add(command);
            _batchJobs += command.Jobs;
            _batchBytes += command.Bytes;
        }
    }

    /// <summary>Applies the commands in the open transaction, and ends it unless the flusher would rather have a larger one.</summary>
    private void Process(List<StoreCommand> commands, bool atOnce = false)
    {
        if (_fatal is not null)
        {
            // The open transaction ends with the connection.
            FailAll([.. _batch, .. commands], new StoreStoppedException(_fatal));
            BeginBatch();
            return;
        }

        try
        {
            if (commands.Count > 0 || MustServe)
                Apply(commands);
            if (_open && (atOnce || BatchIsFull || _flusher.Takes(_batchJobs)))
                Commit();
        }
        catch (Exception exception)
        {
            Undo(exception);
        }
    }

    private bool MustServe => !_open && _parked.Count > 0 && _context.Board is { Stirred: true, AnythingToServe: true };

    private void Apply(List<StoreCommand> commands)
    {
        // First, since what follows may throw: then they run again.
        _batch.AddRange(commands);
        if (!_open)
        {
            _began = Stopwatch.GetTimestamp();
            _sql.Begin.Run();
            _open = true;
        }

        _context.Refresh();
        foreach (var command in commands)
            command.Apply(_context);
    }

    private void Commit()
    {
        // It may have been open for as long as a slow disk took: leases begin now.
        _context.Refresh();
        ServeParked();
        WriteLanes();
        _sql.Commit.Run();
        _context.Board.ChangesWritten();
        var leases = _parked.FindAll(wish => wish.Granted.Count > 0);
        if (_batch.Count > 0 || leases.Count > 0)
        {
            _parked.RemoveAll(wish => wish.Granted.Count > 0);
            _flusher.Flush(new CommittedBatch(_began, _batch, leases, _context.TakeEvents()));
        }

        BeginBatch();
        _checkpointer.Committed(_connection);
    }

    private void BeginBatch() => (_batch, _batchJobs, _batchBytes, _open) = ([], 0, 0, false);

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
            wish.Serve(_context);
        }

        _served = null;
        board.Stirred = false;
    }

    /// <summary>Answers the wishes that got nothing and do not wait.</summary>
    private void AnswerParked()
    {
        if (_open)
            return;
        _parked.RemoveAll(wish =>
        {
            if (wish.Request.Wait == TimeSpan.Zero || _stopping)
                wish.GiveUp();
            return wish.IsGivenUp;
        });
    }

    private void WriteLanes()
    {
        var minute = _context.NowMilliseconds / 60_000;
        foreach (var lane in _context.Board.ChangedLanes)
        {
            lane.Ready.Write(_sql);
            var (counters, minutes) = (lane.Counters, lane.Minute);
            _sql.UpdateLane.Bind(lane.Id).Bind(counters.Pending).Bind(counters.Ready).Bind(counters.Done).Bind(counters.Failed)
                .Bind(counters.Dead).Run();
            _sql.AddMinute.Bind(lane.Id).Bind(minute).Bind(minutes.Submitted).Bind(minutes.Done).Bind(minutes.Failed)
                .Bind(minutes.Retried).Bind(minutes.Started).Bind(minutes.WaitMilliseconds).Bind(minutes.RunMilliseconds).Run();
        }
    }

    private void Undo(Exception exception)
    {
        var (guilty, fatal, batch) = (_served, WriteErrors.IsFatal(exception), _batch);
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
            _parked.Remove(guilty);
            guilty.Fail(WriteErrors.Translate(exception));
            Process(batch, atOnce: true);
        }
        else if (batch.Count > 1)
        {
            foreach (var command in batch)
                Process([command], atOnce: true);
        }
        else
        {
            LogCommandFailed(_logger, exception, batch.Count == 0 ? nameof(LeaseCommand) : batch[0].GetType().Name);
            FailAll(batch, WriteErrors.Translate(exception));
            // The wishes that stood beside it are still to be served.
            if (batch.Count > 0)
                Process([], atOnce: true);
        }
    }

    private void Rollback()
    {
        _served = null;
        foreach (var wish in _parked)
            wish.Undo();
        _context.Undo();
        BeginBatch();
        // An error of the disk may have rolled back already.
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _sql.Rollback.Run();
    }

    /// <summary>The disk failed: nothing is written any more, and everybody hears it.</summary>
    private void Break(Exception exception)
    {
        if (Interlocked.CompareExchange(ref _fatal, exception, null) is null)
            _onFatal(exception);
        _inbox.Wake();
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
        if (_fatal is not null || _open)
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
