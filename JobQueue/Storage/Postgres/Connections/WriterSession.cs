using JobQueue.Jobs.Store;
using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>
/// A writer's connection and its number among all writers. Made anew when the connection is lost; then it is found out what became of
/// the last commit. Belongs to one writer.
/// </summary>
internal sealed class WriterSession(PostgresConnections connections) : IAsyncDisposable
{
    /// <summary>
    /// What a writer's statements go by. Plans are kept, though they are made while tables are empty: so they must not scan. What waits
    /// for a lock gives up long before a lease ends, and what was left in the midst of a transaction is rolled back.
    /// </summary>
    private const string Settings = """
        SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET jit = off; SET synchronous_commit = on;
        SET lock_timeout = '3s'; SET statement_timeout = '5s'; SET idle_in_transaction_session_timeout = '5s'
        """;

    private const int MaxWriters = 10_000;

    private NpgsqlConnection? _connection;
    private (int Slot, long Number, int Backend)? _unsure;
    private int _backend;

    /// <summary>This writer's number while the connection lives.</summary>
    public int Slot { get; private set; }

    /// <summary>Of the last batch of events that was committed under <see cref="Slot"/>.</summary>
    public long Number { get; private set; }

    public bool IsOpen => _connection is { State: System.Data.ConnectionState.Open };

    public NpgsqlConnection Connection => _connection ?? throw PostgresErrors.Unavailable(null);

    /// <summary>Opens the connection if it is not open.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (IsOpen)
            return;
        try
        {
            await CloseAsync();
            var connection = await connections.OpenAsync(cancellationToken);
            _connection = connection;
            await using (var command = new NpgsqlCommand(Settings, connection))
                await command.ExecuteNonQueryAsync(cancellationToken);
            await TakeSlotAsync(cancellationToken);
            _backend = connection.ProcessID;
        }
        catch (Exception exception) when (PostgresErrors.IsGone(exception))
        {
            await CloseAsync();
            throw PostgresErrors.Unavailable(exception);
        }
    }

    public RoundTrip Trip() => new(Connection);

    /// <summary>A commit is about to be sent. Until <see cref="Committed"/> nobody can say what became of it, should the connection go.</summary>
    /// <param name="hasEvents">Whether it stores a batch of events, which tells of it afterwards.</param>
    public void Committing(bool hasEvents) => _unsure = hasEvents ? (Slot, Number + 1, _backend) : null;

    public void Committed(bool hasEvents)
    {
        _unsure = null;
        if (hasEvents)
            Number++;
    }

    /// <summary>After a fault: ends the transaction, and finds out whether it was committed all the same.</summary>
    /// <returns>True when it is on disk.</returns>
    /// <exception cref="StoreUnavailableException">The database cannot be reached; what became of the transaction is not known.</exception>
    public async Task<bool> EndAsync(Exception fault, CancellationToken cancellationToken)
    {
        var unsure = _unsure;
        _unsure = null;
        if (!PostgresErrors.IsGone(fault) && IsOpen)
        {
            try
            {
                await Trip().Run("ROLLBACK").RunAsync(cancellationToken);
                return false;
            }
            catch (Exception exception) when (PostgresErrors.IsGone(exception))
            {
            }
        }

        await CloseAsync();
        if (unsure is not { } commit)
            return false;
        await OpenAsync(cancellationToken);
        try
        {
            return await WasCommittedAsync(commit, cancellationToken);
        }
        catch (Exception exception) when (PostgresErrors.IsGone(exception))
        {
            await CloseAsync();
            throw PostgresErrors.Unavailable(exception);
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task TakeSlotAsync(CancellationToken cancellationToken)
    {
        for (var slot = 1; slot <= MaxWriters; slot++)
        {
            var taken = false;
            await Trip().Read("take_slot", row => taken = row.GetBoolean(0), Sent.Value(slot)).RunAsync(cancellationToken);
            if (!taken)
                continue;
            Slot = slot;
            await Trip().Read("last_batch", row => Number = row.GetInt64(0), Sent.Value(slot)).RunAsync(cancellationToken);
            return;
        }

        throw new InvalidOperationException($"There are {MaxWriters} writers on the database {connections.Shown} already.");
    }

    /// <summary>The old connection's end of the line may still be at it: it is ended first.</summary>
    private async Task<bool> WasCommittedAsync((int Slot, long Number, int Backend) commit, CancellationToken cancellationToken)
    {
        var committed = false;
        await Trip().Read("end_session", static _ => { }, Sent.Value(commit.Backend)).RunAsync(cancellationToken);
        await Trip().Read("is_committed", row => committed = row.GetBoolean(0), Sent.Value(commit.Slot), Sent.Value(commit.Number))
            .RunAsync(cancellationToken);
        return committed;
    }

    private async Task CloseAsync()
    {
        if (_connection is not { } connection)
            return;
        _connection = null;
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception exception) when (PostgresErrors.IsGone(exception))
        {
            // It was gone already.
        }
    }
}
