using JobQueue.Jobs.Events;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Events;

/// <summary>
/// Tells the feed what happened in all processes: reads what was committed beyond what it has told, whenever somebody says that there
/// is something, and every few seconds in case that was lost. Thread-safe.
/// </summary>
/// <remarks>
/// One statement sees all writers at the same moment. Who commits after having seen another's commit draws a higher order_no, and is
/// not seen without it: so in their order what follows from something comes after it, though what is concurrent may come in one order
/// here and in another elsewhere. What this process committed is told at its turn like the rest, from memory.
/// </remarks>
internal sealed partial class OutboxReader(PostgresConnections connections, JobFeed feed, ILogger<OutboxReader> logger) : IAsyncDisposable
{
    /// <summary>Read at once: about what one process commits in a tenth of a second under full load.</summary>
    private const int MaxBatches = 256;
    private const int MaxBytes = 4 << 20;

    private const string Settings =
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off; SET statement_timeout = '5s'";

    /// <summary>After a turn that found something: under load one statement serves several commits.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    /// <summary>How often is looked without being asked.</summary>
    private static readonly TimeSpan SafetyLook = TimeSpan.FromSeconds(5);

    /// <summary>A connection that was closed while nobody used it is no outage.</summary>
    private const int SilentFailures = 1;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly OwnBatches _own = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly CancellationTokenSource _stopped = new();
    private NpgsqlConnection? _connection;
    private Task _running = Task.CompletedTask;
    private bool _closed;
    private volatile EventPosition _position = EventPosition.Start;
    private volatile TaskCompletionSource<bool> _turned = NewTurn();

    /// <summary>The place after all that was told.</summary>
    public EventPosition Position => _position;

    /// <summary>Begins with what is committed from now on.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _position = await ReadEndAsync(await OpenAsync(cancellationToken), cancellationToken);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <summary>There may be something.</summary>
    public void Wake()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look already.
        }
    }

    /// <summary>This process committed a batch: it is told at its turn.</summary>
    /// <param name="events">Nobody changes the list any more.</param>
    public void Committed(int writer, long number, IReadOnlyList<JobEvent> events)
    {
        _own.Add(writer, number, events);
        Wake();
    }

    /// <summary>Waits until everything that this process committed before was told, or it turns out that the database cannot be reached.</summary>
    public async Task WhenToldAsync(CancellationToken cancellationToken)
    {
        var committed = _own.Committed;
        while (!_running.IsCompleted)
        {
            var turn = _turned;
            if (committed.All(last => _position.BatchesOf(last.Key) >= last.Value))
                return;
            Wake();
            if (!await turn.Task.WaitAsync(cancellationToken))
                return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await _stopped.CancelAsync();
        await _running;
        await CloseAsync();
        _stopped.Dispose();
        _signal.Dispose();
    }

    private async Task RunAsync()
    {
        var (stopping, failures) = (_stopped.Token, 0);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(SafetyLook, stopping);
                var told = await TurnAsync(stopping);
                EndTurn(succeeded: true);
                if (failures > SilentFailures)
                    LogBack(logger);
                failures = 0;
                if (told > 0)
                    await Task.Delay(Rest, TimeProvider.System, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                await CloseAsync();
                if (failures++ >= SilentFailures)
                    await RecoverAsync(exception, failures, stopping);
                Wake();
            }
        }

        EndTurn(succeeded: false);
    }

    private async Task RecoverAsync(Exception exception, int failures, CancellationToken stopping)
    {
        EndTurn(succeeded: false);
        if (failures == SilentFailures + 1)
            LogFailed(logger, exception);
        var pause = FirstPause * Math.Pow(2, Math.Min(failures, 16));
        await Task.WhenAny(Task.Delay(pause < LongestPause ? pause : LongestPause, TimeProvider.System, stopping));
    }

    /// <returns>How many batches were told.</returns>
    private async Task<int> TurnAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        var seen = _position.Writers.ToList();
        var own = _own.Beyond(_position);
        var stream = 0L;
        var rows = new List<OutboxRow>();
        await new RoundTrip(connection)
            .Read("event_stream", row => stream = row.GetInt64(0))
            .Read(
                "events_beyond",
                row => rows.Add(OutboxRow.From(row)),
                Sent.Column(seen, each => each.Writer),
                Sent.Column(seen, each => each.Batches),
                Sent.Column(own, each => each.Writer),
                Sent.Column(own, each => each.First),
                Sent.Column(own, each => each.Last),
                Sent.Value(MaxBatches),
                Sent.Value(MaxBytes))
            .RunAsync(cancellationToken);
        if (!_position.IsIn(stream))
        {
            LogOtherStream(logger);
            _own.Clear();
            Tell(EventBatch.AfterGap(await ReadEndAsync(connection, cancellationToken)));
            return 0;
        }

        foreach (var row in rows)
            Tell(BatchOf(row));
        if (rows.Count == MaxBatches || rows.Sum(static row => row.Body?.Length ?? 0) > MaxBytes)
            Wake();
        return rows.Count;
    }

    private EventBatch BatchOf(OutboxRow row)
    {
        var missing = row.Number != _position.BatchesOf(row.Writer) + 1;
        var before = missing ? _position.After(row.Writer, row.Number - 1) : _position;
        if (missing)
            LogMissed(logger, row.Writer, row.Number);
        IReadOnlyList<JobEvent>? events;
        try
        {
            events = row.Body is { } body ? EventBatchBody.Read(body) : _own.Take(row.Writer, row.Number);
        }
        catch (Exception exception) when (exception is IOException or FormatException or ArgumentException)
        {
            LogUnreadable(logger, exception, row.Writer, row.Number);
            events = null;
        }

        return events is null
            ? EventBatch.AfterGap(before.After(row.Writer, row.Number))
            : new EventBatch(new BatchPlace(before, row.Writer, row.Number, events.Count), events) { FollowsGap = missing };
    }

    private void Tell(EventBatch batch)
    {
        feed.PublishAll(batch);
        _position = batch.Place.After;
    }

    private void EndTurn(bool succeeded) => Interlocked.Exchange(ref _turned, NewTurn()).TrySetResult(succeeded);

    private static TaskCompletionSource<bool> NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The place after all that is committed.</summary>
    private static async Task<EventPosition> ReadEndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (stream, writers) = (0L, new Dictionary<int, long>());
        await new RoundTrip(connection)
            .Read("event_stream", row => stream = row.GetInt64(0))
            .Read("event_writers", row => writers[row.GetInt32(0)] = row.GetInt64(2))
            .RunAsync(cancellationToken);
        return EventPosition.Of(stream, writers);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: System.Data.ConnectionState.Open } open)
            return open;
        await CloseAsync();
        var connection = await connections.OpenAsync(cancellationToken);
        _connection = connection;
        await using var command = new NpgsqlCommand(Settings, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        await connection.DisposeAsync();
    }

    [LoggerMessage(2030, LogLevel.Warning, "What happens in other processes cannot be read at the moment; it is tried again and again")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(2031, LogLevel.Information, "What happens in other processes is read again")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(2032, LogLevel.Warning, "Events of writer {Writer} before number {Number} were deleted before this process read them; those who follow are told that they missed some")]
    private static partial void LogMissed(ILogger logger, int writer, long number);

    [LoggerMessage(2033, LogLevel.Error, "The events of writer {Writer}, number {Number}, cannot be read; those who follow are told that they missed some")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, int writer, long number);

    [LoggerMessage(2034, LogLevel.Warning, "The database is another one, or another server has taken over: those who follow events are told that they may have missed some")]
    private static partial void LogOtherStream(ILogger logger);
}
