using JobQueue.Storage.Postgres.Connections;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JobQueue.Storage.Postgres;

/// <summary>Brings the database's schema up to this program's. One process does it, the others wait.</summary>
internal sealed class PostgresMigrations(PostgresConnections connections)
{
    /// <summary>A migration of many rows may take its time, and who waits for it waits as long.</summary>
    private const int TimeoutSeconds = 3600;

    /// <exception cref="DatabaseRefusedException">The database cannot be reached, is newer than this program, or holds something else.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenAsync(cancellationToken, settings => settings.CommandTimeout = TimeoutSeconds);
            await RunAsync(connection, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw Refusal(connections, exception);
        }
    }

    /// <summary>As the other, on a connection of the caller's. Until that is closed nobody else migrates or begins to serve.</summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Of the session, so that it ends with the connection.
        await new RoundTrip(connection).Read("lock_schema", static _ => { }).RunAsync(cancellationToken);
        await using var db = new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(connection).Options);
        await RefuseOthersAsync(db, connection, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    /// <exception cref="DatabaseRefusedException">It is not one that this version of the program has served from.</exception>
    public async Task RefuseUnservedAsync(PostgresDb db, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await RefuseOthersAsync(db, connection, cancellationToken);
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            throw new DatabaseRefusedException(connections.Shown, "this version of the program has not served from it yet. Start a server on it first.");
    }

    public static DatabaseRefusedException Refusal(PostgresConnections connections, NpgsqlException exception) =>
        new(connections.Shown, exception is PostgresException { MessageText: var text } ? $"{text}." : $"it cannot be reached: {exception.Message}.");

    private async Task RefuseOthersAsync(PostgresDb db, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Whether there is such a list is not asked of the framework, which says yes and makes it.
        var known = db.Database.GetMigrations().ToHashSet();
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        if (applied.Find(migration => !known.Contains(migration)) is { } newer)
            throw new DatabaseRefusedException(connections.Shown, $"it was made by a newer version of this program (it has {newer}). Start that version.");
        if (applied.Count > 0)
            return;
        var tables = new List<string>();
        await new RoundTrip(connection).Read("all_tables", row => tables.Add(row.GetString(0))).RunAsync(cancellationToken);
        if (tables.Count > 0)
            throw new DatabaseRefusedException(connections.Shown, $"it holds something else (a table {tables[0]}). Name an empty database.");
    }
}
