using JobQueue.Access.Sessions;
using JobQueue.Storage.Moving;
using JobQueue.Storage.Queries;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// Looks after a database that is a file. It reads on a connection of its own, in the process of the command: SQLite gives it a
/// moment's picture whether a server writes meanwhile or none runs.
/// </summary>
internal sealed class SqliteUpkeep(DatabaseFile database, IKeyRing keys, TimeProvider time) : IDatabaseUpkeep
{
    public async Task<IReadOnlyList<string>> BackUpAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.Exists(path))
            throw new IOException($"There is a file {path} already. A backup replaces nothing: name another one, or remove it.");
        var draft = $"{path}.{Guid.NewGuid():N}.draft";
        try
        {
            Inspect();
            await using (var source = await OpenAsync(database.Path, cancellationToken))
                DatabaseCopy.Make(source, draft, cancellationToken);
            var differences = await DifferencesAsync(draft, cancellationToken);
            if (differences.Count == 0)
                File.Move(draft, path);
            return differences;
        }
        catch (SqliteException exception)
        {
            throw DatabaseErrors.Refusal(database, exception)!;
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            Inspect();
            return await DifferencesAsync(database.Path, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw DatabaseErrors.Refusal(database, exception)!;
        }
    }

    public Task CreateSampleAsync(string path, IReadOnlyList<object> rows, CancellationToken cancellationToken) =>
        SampleDatabase.CreateAsync(path, rows, cancellationToken);

    public async Task<MoveResult> MoveAsync(string connectionString, Action<string> tell, CancellationToken cancellationToken)
    {
        try
        {
            return await new StoreMove(database, keys, time.GetUtcNow(), tell).RunAsync(connectionString, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw DatabaseErrors.Refusal(database, exception)!;
        }
    }

    private void Inspect()
    {
        if (!File.Exists(database.Path))
            throw new DatabaseRefusedException(database.Path, "there is no such file.");
        // Damage is what the check itself looks for, in full.
        DatabaseInspection.Run(database, checkPages: false);
    }

    /// <summary>What is not as it should be in the database of this path.</summary>
    public static async Task<List<string>> DifferencesAsync(string path, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(path, cancellationToken);
        await using var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        var differences = await RowsAsync(connection, "PRAGMA integrity_check", reader => reader.GetString(0), cancellationToken);
        differences.Remove("ok");
        // Counters of damaged tables say nothing.
        if (differences.Count > 0)
            return differences;
        differences = await RowsAsync(
            connection,
            "PRAGMA foreign_key_check",
            reader => $"A row of {reader.GetString(0)} refers to a row of {reader.GetString(2)} that is missing.",
            cancellationToken);
        // A database that an older version left is brought up to date when it is first served from; until then its tables are others.
        if (!(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            differences.AddRange(await CounterCheck.DifferencesAsync(db, cancellationToken));
        return differences;
    }

    /// <summary>A connection that reads alone.</summary>
    public static async Task<SqliteConnection> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync(cancellationToken);
        SqliteConnections.Run(connection, $"PRAGMA busy_timeout = {SqliteConnections.BusyTimeout}; PRAGMA query_only = ON");
        return connection;
    }

    private static async Task<List<string>> RowsAsync(
        SqliteConnection connection, string sql, Func<SqliteDataReader, string> line, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(line(reader));
        return rows;
    }
}
