using System.Data;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Listening;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JobQueue.Storage.Postgres;

/// <summary>
/// Writes that are not on the hot path, each in a serializable transaction of its own, which is tried again when it met another: so a
/// change may look before it writes, as if it were alone. Thread-safe.
/// </summary>
internal sealed class PostgresDbWriter(PostgresStoreHost host, NoticeListener listener, IDbContextFactory<PostgresDb> databases) : IDbWriter
{
    private const int MaxTries = 20;

    public async Task<T> WriteAsync<T>(Func<JobQueueDb, T> change, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryWriteAsync(change, cancellationToken);
            }
            catch (Exception exception) when (tries < MaxTries && MeetsAnother(exception))
            {
                // The other one is through: what it did is seen now.
            }
            catch (Exception exception) when (DatabaseError(exception) is { } error && PostgresErrors.Translate(error) is var told && told != error)
            {
                throw told;
            }
        }
    }

    private async Task<T> TryWriteAsync<T>(Func<JobQueueDb, T> change, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);
        var result = change(db);
        await db.SaveChangesAsync(cancellationToken);
        // The change may have saved by itself, to learn an id: what it touched is still tracked.
        var tenantsChange = db.ChangeTracker.Entries<TenantRow>().Any();
        var othersRemember = db.ChangeTracker.Entries().Any(entry => entry.Entity is not (AuditRow or MetaRow));
        // In the transaction: it is rare, and no other process may go on by what was revoked because this one died before it said so.
        if (othersRemember)
            await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Notice.Channel}, {Notice.OfConfiguration.ToText(listener.Self)})", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (othersRemember)
            await host.ConfigurationChangedAsync(tenantsChange);
        return result;
    }

    private static bool MeetsAnother(Exception exception) => DatabaseError(exception) is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation
    };

    private static Exception? DatabaseError(Exception exception) => exception switch
    {
        NpgsqlException => exception,
        DbUpdateException or InvalidOperationException when exception.InnerException is { } inner => DatabaseError(inner),
        _ => null,
    };
}
