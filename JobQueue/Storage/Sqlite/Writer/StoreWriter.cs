using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Leasing;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Sql;
using Microsoft.Data.Sqlite;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// The one writer: a thread that owns the writing connection. It applies whatever waits in one transaction, commits, and only
/// then answers every caller (group commit). There is no timer and no least batch: an idle store commits a single write at once;
/// what arrives during a flush is the next batch, so under load the batch grows by itself.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly WriterInbox _inbox = new();
    private readonly WriteBatch _batch;
    private readonly HotStatements _sql;
    private readonly Committer _committer;
    private readonly DueTimer _dueTimer;
    private readonly Action<Exception> _onFatal;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private volatile bool _ended;
    private volatile Exception? _fatal;

    /// <param name="connection">The writer's own; its <c>synchronous</c> decides whether a commit is on the disk when it is answered.</param>
    /// <param name="retries">When failed jobs run again.</param>
    /// <param name="callbackBody">What those hear who are told of an end.</param>
    /// <param name="publisher">Where events go once they are committed.</param>
    /// <param name="checkpointer">Moves what is committed into the database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For writes that failed.</param>
    /// <param name="onCommitted">Called with the time each transaction took and how many writes it had.</param>
    /// <param name="onFatal">Called when the disk cannot be trusted any more.</param>
    public StoreWriter(
        SqliteConnection connection,
        RetryPolicy retries,
        ICallbackBody callbackBody,
        EventPublisher publisher,
        Checkpointer checkpointer,
        TimeProvider time,
        ILogger logger,
        Action<TimeSpan, int> onCommitted,
        Action<Exception> onFatal)
    {
        _onFatal = onFatal;
        // Real moments, whatever clock the jobs go by.
        _batch = new WriteBatch(_inbox, TimeProvider.System);
        _sql = new HotStatements(connection);
        var context = new WriteContext(connection, _sql, time, retries, callbackBody);
        _committer = new Committer(context, _inbox, publisher, checkpointer, logger, onCommitted, Break);
        _dueTimer = new DueTimer(context, () => Post(new ReapCommand(time.GetTimestamp())));
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
    }

    /// <summary>The board, which other threads may read: it may already hold what the transaction under way has not committed.</summary>
    public LaneBoard Board => _committer.Board;

    /// <summary>Whether so many writes wait that new ones are refused. From any thread.</summary>
    public bool IsOverloaded => _inbox.IsOverloaded;

    /// <summary>Waits until what waits takes less memory than it may. From any thread.</summary>
    public ValueTask RoomAsync(CancellationToken cancellationToken) => _inbox.RoomAsync(cancellationToken);

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
            EndWaiting();
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
            EndWaiting();
    }

    /// <summary>Writes what waits, answers everyone, and ends the thread.</summary>
    public void Stop()
    {
        _stopping = true;
        _inbox.Wake();
        if (_thread.IsAlive)
            _thread.Join();
        _ended = true;
        // Either who posts sees that, or what they posted is seen here.
        Interlocked.MemoryBarrier();
        EndWaiting();
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
        do
        {
            try
            {
                Turn();
            }
            catch (Exception exception)
            {
                // Whatever it is, those who wait must hear of it, and nobody can say any more what memory and disk agree on.
                Break(exception);
                FailBatch();
                _committer.AbandonWishes(new StoreStoppedException(_fatal));
            }
        }
        while ((_committer.HasMore && _fatal is null) || _batch.WaitForMore() || Sleep());

        _committer.AnswerWishes(last: true);
    }

    private void Turn()
    {
        _committer.TakeWishes();
        _batch.Begin();
        if (_fatal is null)
            _committer.Process(_batch);
        else
            FailBatch();
        _committer.AnswerWishes(last: _stopping);
        if (_fatal is null)
            _dueTimer.Arm();
    }

    /// <returns>False when the writer is to end instead.</returns>
    private bool Sleep()
    {
        if (_stopping)
            return false;
        _inbox.Sleep(() => !_inbox.IsEmpty || _stopping);
        return true;
    }

    private void FailBatch()
    {
        foreach (var command in _batch.Writes)
            command.Fail(new StoreStoppedException(_fatal));
    }

    private void EndWaiting()
    {
        while (_inbox.TryTake(out StoreCommand? command))
            command.Fail(new StoreStoppedException(_fatal));
        while (_inbox.TryTake(out LeaseCommand? wish))
            wish.GiveUp();
    }
}
