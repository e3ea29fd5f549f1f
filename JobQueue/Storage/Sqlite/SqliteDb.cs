using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JobQueue.Storage.Sqlite;

/// <summary>The model on SQLite, with its migrations.</summary>
internal sealed class SqliteDb(DbContextOptions<SqliteDb> options) : JobQueueDb(options)
{
    public override async Task<IAsyncDisposable> BeginSnapshotAsync(CancellationToken cancellationToken)
    {
        await Database.OpenConnectionAsync(cancellationToken);
        // EF Core's own transactions take the lock for writing at once; a deferred one only ever reads.
        var transaction = ((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true);
        await Database.UseTransactionAsync(transaction, cancellationToken);
        return transaction;
    }

    public override object Stored(JobId id) => id.ToByteArray();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<JobId>().HaveConversion<JobIdBytes>();
        configurationBuilder.DefaultTypeMapping<JobId>().HasConversion<JobIdBytes>();
    }

    private sealed class JobIdBytes() : ValueConverter<JobId, byte[]>(id => id.ToByteArray(), bytes => JobId.Read(bytes));
}
