using System.Diagnostics;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Events;
using JobQueue.Storage.Postgres.Listening;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>
/// A writer of this process: it takes what waits as one transaction, commits, and only then answers every caller (group commit). What
/// comes during a commit is the next batch, so under load the batch grows by itself.
/// </summary>
internal abstract partial class WriterLoop(WriterServices services) : IAsyncDisposable
{
    /// <summary>A transaction that met others on the same rows is tried again so often.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopped = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _stopping;
    private TimeSpan _pause = FirstPause;
    private long _began;
    private int _commands;

    protected WriterServices Services => services;

    protected CommandInbox Inbox { get; } = new(services.Backlog);

    protected WriterSession Session { get; } = new(services.Connections);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Session.OpenAsync(cancellationToken);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <exception cref="StoreOverloadedException">Too many wait already.</exception>
    public void Post(PostgresCommand command)
    {
        if (_stopping)
        {
            command.Fail(new StoreStoppedException());
            return;
        }

        Inbox.Add(command);
        if (_running.IsCompleted)
            EndWaiting();
    }

    /// <summary>Writes what waits, answers everyone, and ends.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        Inbox.Wake();
        await _running;
        EndWaiting();
        await Session.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopped.Dispose();
    }

    /// <summary>Whether there is something to do besides the commands that wait.</summary>
    protected virtual bool HasWork => false;

    /// <summary>Decides and writes the commands, in one transaction. It may be called again for the same ones: after a rollback.</summary>
    protected abstract Task WriteAsync(IReadOnlyList<PostgresCommand> batch, CancellationToken cancellationToken);

    /// <summary>The batch is on disk and answered.</summary>
    protected virtual void Written()
    {
    }

    /// <summary>Nothing of the last transaction is on disk.</summary>
    protected virtual void Undone()
    {
    }

    /// <summary>The database cannot be reached.</summary>
    protected virtual void Unreachable(Exception exception)
    {
    }

    /// <summary>The database does not take the batch, whatever is tried.</summary>
    protected virtual void GaveUp(Exception exception)
    {
    }

    /// <summary>The last batch was written, and nobody comes any more.</summary>
    protected virtual void Ended()
    {
    }

    /// <summary>Sends the writes with the commit, and tells what happened.</summary>
    /// <param name="also">Adds what is to be read in the same transaction.</param>
    protected async Task CommitAsync(Writes writes, long now, CancellationToken cancellationToken, Action<RoundTrip>? also = null)
    {
        var trip = Session.Trip();
        writes.AddTo(trip, Session.Slot, now);
        also?.Invoke(trip);
        var (hasEvents, order) = (writes.Events.Count > 0, 0L);
        var (slot, number) = (Session.Slot, Session.Number + 1);
        if (hasEvents)
        {
            trip.Read(
                "insert_event_batch",
                row => order = row.GetInt64(0),
                Sent.Value(slot),
                Sent.Value(number),
                Sent.Value(EventBatchBody.Write(writes.Events)));
        }

        trip.Commit();
        var notice = Notice.Of(writes);
        // After the commit, in a transaction of its own: inside, it would make commits wait for each other, their flushes included.
        if (!notice.IsEmpty)
            trip.Run("SELECT pg_notify('jobqueue', $1)", Sent.Value(notice.ToText(services.Process)));
        var commit = services.Order.Begin();
        var told = false;
        Session.Committing(hasEvents);
        try
        {
            await trip.RunAsync(cancellationToken);
            Session.Committed(hasEvents);
            told = true;
        }
        catch (Exception exception)
        {
            // Committed all the same, or not.
            told = await Session.EndAsync(exception, cancellationToken);
            if (!told)
                throw;
            if (also is not null)
            {
                var reading = Session.Trip();
                also(reading);
                await reading.RunAsync(cancellationToken);
            }
        }
        finally
        {
            services.Order.End(commit, order, told ? writes.Events : []);
        }

        if (writes.Any)
            services.Observer.Committed(Stopwatch.GetElapsedTime(_began), _commands);
        if (hasEvents)
            services.OnEvents(slot, number, writes.Events);
        services.OnNotice(notice);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            // Who is about to end, and may not reach the database, only sees to the commands.
            if (Inbox.IsEmpty && (_stopping || !HasWork))
            {
                if (_stopping)
                    break;
                await Inbox.WaitAsync(_stopped.Token);
                continue;
            }

            var batch = Inbox.Take();
            if (batch.Count > 0 || HasWork)
                await ProcessAsync(batch);
        }

        Ended();
    }

    private async Task ProcessAsync(List<PostgresCommand> batch)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await Session.OpenAsync(_stopped.Token);
                (_began, _commands) = (Stopwatch.GetTimestamp(), batch.Count);
                await WriteAsync(batch, _stopped.Token);
                foreach (var command in batch)
                    command.Complete();
                Written();
                _pause = FirstPause;
                return;
            }
            catch (Exception exception)
            {
                Undone();
                if (await IsAnsweredAsync(batch, exception, tries))
                    return;
            }
        }
    }

    /// <summary>Decides what becomes of a batch that failed.</summary>
    /// <returns>False when it is to be tried again.</returns>
    private async Task<bool> IsAnsweredAsync(List<PostgresCommand> batch, Exception exception, int tries)
    {
        try
        {
            if (exception is not StoreUnavailableException)
                await Session.EndAsync(exception, _stopped.Token);
        }
        catch (StoreUnavailableException worse)
        {
            exception = worse;
        }

        if (PostgresErrors.IsLaneGone(exception))
        {
            services.Lanes.Clear();
            if (tries < MaxTries)
                return false;
        }

        if (PostgresErrors.IsPassing(exception) && tries < MaxTries)
            return false;
        // A connection that was found broken says nothing of the server: it is tried once more, on a new one.
        if (PostgresErrors.IsGone(exception) && tries == 1)
            return false;
        LogWriteFailed(services.Logger, exception, batch.Count);
        if (exception is StoreUnavailableException || PostgresErrors.IsGone(exception))
        {
            FailAll(batch, exception);
            Unreachable(exception);
            // Real time, whatever clock the jobs go by.
            await Task.Delay(_pause, TimeProvider.System);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            return true;
        }

        if (batch.Count <= 1)
        {
            GaveUp(exception);
            return FailAll(batch, exception);
        }

        // One of them is to blame, which fails alone.
        foreach (var command in batch)
            await ProcessAsync([command]);
        return true;
    }

    private static bool FailAll(List<PostgresCommand> batch, Exception exception)
    {
        foreach (var command in batch)
            command.Fail(PostgresErrors.Translate(exception));
        return true;
    }

    private void EndWaiting()
    {
        while (Inbox.Take() is { Count: > 0 } left)
            FailAll(left, new StoreStoppedException());
    }

    [LoggerMessage(2020, LogLevel.Error, "A transaction of {Count} writes failed and was undone")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, int count);
}
