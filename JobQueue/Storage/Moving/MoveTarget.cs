using JobQueue.Storage.Postgres;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace JobQueue.Storage.Moving;

/// <summary>
/// The PostgreSQL database that is moved to, in one transaction. Servers that start on it meanwhile wait. Used by one caller.
/// </summary>
internal sealed class MoveTarget : IAsyncDisposable
{
    private readonly PostgresConnections _connections;
    private readonly NpgsqlConnection _connection;

    private MoveTarget(PostgresConnections connections, NpgsqlConnection connection) => (_connections, _connection) = (connections, connection);

    /// <summary>Host and name.</summary>
    public string Place => _connections.Shown;

    /// <summary>Opens the database, makes its tables, and begins the transaction.</summary>
    /// <exception cref="DatabaseRefusedException">It cannot be reached, is of another version, or holds something.</exception>
    public static async Task<MoveTarget> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connections = new PostgresConnections(connectionString);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await connections.OpenAsync(cancellationToken, static settings => settings.CommandTimeout = 0);
            await new PostgresMigrations(connections).RunAsync(connection, cancellationToken);
            var target = new MoveTarget(connections, connection);
            await target.RunAsync("BEGIN", cancellationToken);
            await target.RefuseRowsAsync(cancellationToken);
            return target;
        }
        catch (Exception exception)
        {
            if (connection is not null)
                await connection.DisposeAsync();
            await connections.DisposeAsync();
            throw exception is NpgsqlException fault ? PostgresMigrations.Refusal(connections, fault) : exception;
        }
    }

    public async Task<TableMove> DescribeAsync(MovedTable table, CancellationToken cancellationToken)
    {
        var columns = new List<MovedColumn>();
        await new RoundTrip(_connection)
            .Read("table_columns", row => columns.Add(MovedColumn.From(row.GetString(0), row.GetString(1), row.NullableLong(2))), Sent.Value(table.Name))
            .RunAsync(cancellationToken);
        return new TableMove(table, columns);
    }

    /// <summary>Writes the rows, all or none.</summary>
    /// <returns>How many the database took.</returns>
    public async Task<long> CopyAsync(TableMove move, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var import = await _connection.BeginBinaryImportAsync(move.Copy, cancellationToken);
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            await import.StartRowAsync(cancellationToken);
            for (var column = 0; column < row.Length; column++)
            {
                if (row[column] is { } value)
                    await import.WriteAsync(value, move.Columns[column].Type, cancellationToken);
                else
                    await import.WriteNullAsync(cancellationToken);
            }
        }

        // Without it the rows are gone, without a word.
        return (long)await import.CompleteAsync(cancellationToken);
    }

    /// <summary>What stands there now.</summary>
    public async Task<MovedRows> SumUpAsync(TableMove move, CancellationToken cancellationToken)
    {
        using var digest = new RowsDigest();
        await using var command = new NpgsqlCommand(move.ReadFromTarget, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new object?[move.Columns.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var column = 0; column < row.Length; column++)
                row[column] = reader.IsDBNull(column) ? null : Value(reader, column, move.Columns[column].Type);
            digest.Add(row);
        }

        return digest.Of(move.Table.Name);
    }

    /// <summary>The planner knows nothing of rows that have just come.</summary>
    public Task AnalyzeAsync(CancellationToken cancellationToken) => RunAsync("ANALYZE " + Tables(), cancellationToken);

    /// <summary>Lets the ids go on after those that were moved, and commits.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await new RoundTrip(_connection).Read("continue_ids", static _ => { }).RunAsync(cancellationToken);
        await RunAsync("COMMIT", cancellationToken);
    }

    public Task VacuumAsync(CancellationToken cancellationToken) => RunAsync("VACUUM (ANALYZE) " + Tables(), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _connections.DisposeAsync();
    }

    private static string Tables() => string.Join(", ", MovedTable.All.Select(table => $"\"{table.Name}\""));

    private static object Value(NpgsqlDataReader row, int column, NpgsqlDbType type) => type switch
    {
        NpgsqlDbType.Integer => row.GetInt32(column),
        NpgsqlDbType.Bigint => row.GetInt64(column),
        NpgsqlDbType.Boolean => row.GetBoolean(column),
        NpgsqlDbType.Double => row.GetDouble(column),
        NpgsqlDbType.Text => row.GetString(column),
        NpgsqlDbType.Uuid => row.GetGuid(column),
        _ => row.GetFieldValue<byte[]>(column),
    };

    private async Task RefuseRowsAsync(CancellationToken cancellationToken)
    {
        var tables = new List<string>();
        await new RoundTrip(_connection).Read("all_tables", row => tables.Add(row.GetString(0))).RunAsync(cancellationToken);
        foreach (var table in tables)
        {
            await using var command = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM \"{table}\")", _connection);
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
                throw new DatabaseRefusedException(Place, $"it holds something already (rows in {table}). Name an empty database.");
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
