using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Writer;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Sqlite.Commands;

/// <summary>A write by EF Core, for what is not on the hot path, inside the writer's transaction.</summary>
internal sealed class ChangeCommand<T>(Func<JobQueueDb, T> change, CancellationToken cancellationToken)
    : StoreCommand<T>(cancellationToken)
{
    /// <summary>What it writes is known only when it runs; names, hashes and an entry of the audit log are a few rows.</summary>
    private const int Least = 4 << 10;

    private Exception? _refused;

    public override bool Refusable => false;

    public override long Bytes => Least;

    public override void Complete()
    {
        if (_refused is null)
            base.Complete();
        else
            Fail(_refused);
    }

    protected override T Run(WriteContext context)
    {
        _refused = null;
        context.Sql.Savepoint.Run();
        try
        {
            using var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(context.Connection).Options);
            db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
            var result = change(db);
            db.SaveChanges();
            // The change may have saved by itself, to learn an id: what it touched is still tracked.
            if (db.ChangeTracker.Entries<TenantRow>().Any())
                BoardLoader.LoadTenants(context.Board, context.Sql, context.Time, null);
            context.Sql.ReleaseSavepoint.Run();
            return result;
        }
        catch (Exception exception) when (!WriteErrors.IsFatal(exception) && context.InTransaction)
        {
            // Its own fault alone: the neighbours in the transaction go on. When SQLite itself has undone the transaction, as it may
            // when a disk or memory is full, there is nothing left to go on with.
            context.Sql.RollbackToSavepoint.Run();
            context.Sql.ReleaseSavepoint.Run();
            _refused = WriteErrors.Translate(exception);
            return default!;
        }
    }
}
