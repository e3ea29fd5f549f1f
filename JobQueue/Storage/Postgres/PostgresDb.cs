using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Storage.Model.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JobQueue.Storage.Postgres;

/// <summary>
/// The model on PostgreSQL, with its migrations, which are written by hand: where its tables differ from those of the model, the
/// model reads views.
/// </summary>
internal sealed class PostgresDb(DbContextOptions<PostgresDb> options) : JobQueueDb(options)
{
    public override async Task<IAsyncDisposable> BeginSnapshotAsync(CancellationToken cancellationToken) =>
        await Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public override object Stored(JobId id) => id.Value;

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<JobId>().HaveConversion<JobIdUuid>();
        configurationBuilder.DefaultTypeMapping<JobId>().HasConversion<JobIdUuid>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<JobRow>().ToView("job_rows");
        modelBuilder.Entity<LaneRow>().ToView("lanes");
        modelBuilder.Entity<MinuteRow>().ToView("minutes");
    }

    private sealed class JobIdUuid() : ValueConverter<JobId, Guid>(id => id.Value, value => new JobId(value));
}
