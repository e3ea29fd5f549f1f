using JobQueue.Storage.Postgres.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
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
            // Of the session, which is ours alone and ends with the migration.
            await new RoundTrip(connection).Read("lock_schema", static _ => { }).RunAsync(cancellationToken);
            await using var db = new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(connection).Options);
            await RefuseOthersAsync(db, connection, cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new DatabaseRefusedException(connections.Shown, exception is PostgresException { MessageText: var text } ? $"{text}." : $"it cannot be reached: {exception.Message}.");
        }
    }

    private async Task RefuseOthersAsync(PostgresDb db, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet();
        if (await db.GetService<IHistoryRepository>().ExistsAsync(cancellationToken))
        {
            var newer = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Where(migration => !known.Contains(migration)).ToList();
            if (newer.Count > 0)
                throw new DatabaseRefusedException(connections.Shown, $"it was made by a newer version of this program (it has {newer[0]}). Start that version.");
            return;
        }

        string? other = null;
        await new RoundTrip(connection).Read("any_table", row => other = row.GetString(0)).RunAsync(cancellationToken);
        if (other is not null)
            throw new DatabaseRefusedException(connections.Shown, $"it holds something else (a table {other}). Name an empty database.");
    }
}
