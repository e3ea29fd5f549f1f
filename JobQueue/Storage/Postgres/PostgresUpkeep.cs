using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Queries;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JobQueue.Storage.Postgres;

/// <summary>Looks after a PostgreSQL database, on a connection of its own, whether servers write meanwhile or none runs.</summary>
internal sealed class PostgresUpkeep(PostgresConnections connections, PostgresMigrations migrations) : IDatabaseUpkeep
{
    public Task<IReadOnlyList<string>> BackUpAsync(string path, CancellationToken cancellationToken) =>
        throw new SqliteAloneException("backup", "Use pg_dump, or what your database server is backed up with.");

    public Task CreateSampleAsync(string path, IReadOnlyList<object> rows, CancellationToken cancellationToken) =>
        throw new SqliteAloneException("sample", "There is no sample for PostgreSQL.");

    public Task<MoveResult> MoveAsync(string connectionString, Action<string> tell, CancellationToken cancellationToken) =>
        throw new SqliteAloneException("move", "Name the database to move from with --Storage:Provider=Sqlite --ConnectionStrings:JobQueue=\"Data Source=jobs.db\".");

    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            // It walks over all rows, which may take its time.
            await using var connection = await connections.OpenAsync(cancellationToken, static settings => settings.CommandTimeout = 0);
            await using var db = new PostgresDb(
                new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(connection).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking).Options);
            await migrations.RefuseUnservedAsync(db, connection, cancellationToken);
            await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
            return await DifferencesAsync(db, connection, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresMigrations.Refusal(connections, exception);
        }
    }

    /// <param name="db">On <paramref name="connection"/>, within one snapshot or transaction.</param>
    public static async Task<List<string>> DifferencesAsync(PostgresDb db, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var differences = await CounterCheck.DifferencesAsync(db, cancellationToken);
        await new RoundTrip(connection).Read("check_rows", row => differences.Add(row.GetString(0))).RunAsync(cancellationToken);
        return differences;
    }
}
