using System.Text.Json;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Storage.Model.Callbacks;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Storage.Queries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace JobQueue.Storage.Model;

/// <summary>
/// The model of the database: owns the schema and serves every read that is not on the hot path. Each provider derives a
/// context of its own, so that each keeps its own migrations.
/// </summary>
internal abstract class JobQueueDb(DbContextOptions options) : DbContext(options)
{
    public DbSet<TenantRow> Tenants => Set<TenantRow>();
    public DbSet<LaneRow> Lanes => Set<LaneRow>();
    public DbSet<JobRow> Jobs => Set<JobRow>();
    public DbSet<ReadyRow> Ready => Set<ReadyRow>();
    public DbSet<SidingRow> Sidings => Set<SidingRow>();
    public DbSet<ScheduledRow> Scheduled => Set<ScheduledRow>();
    public DbSet<LeaseRow> Leases => Set<LeaseRow>();
    public DbSet<AttemptRow> Attempts => Set<AttemptRow>();
    public DbSet<JobLogRow> JobLogs => Set<JobLogRow>();
    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();
    public DbSet<DeadLetterKindRow> DeadLetterKinds => Set<DeadLetterKindRow>();
    public DbSet<CallbackRow> Callbacks => Set<CallbackRow>();
    public DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();
    public DbSet<PausedQueueRow> PausedQueues => Set<PausedQueueRow>();
    public DbSet<SigningSecretRow> SigningSecrets => Set<SigningSecretRow>();
    public DbSet<MinuteRow> Minutes => Set<MinuteRow>();
    public DbSet<BreakerRow> Breakers => Set<BreakerRow>();
    public DbSet<UserRow> Users => Set<UserRow>();
    public DbSet<TokenRow> Tokens => Set<TokenRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<MetaRow> Meta => Set<MetaRow>();

    /// <summary>Until the answer is disposed all reads of this context see one moment. Waits for nobody, and nobody for it.</summary>
    public abstract Task<IAsyncDisposable> BeginSnapshotAsync(CancellationToken cancellationToken);

    /// <summary>An id as a parameter of a statement that LINQ has no words for.</summary>
    public abstract object Stored(JobId id);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(JobQueueDb).Assembly);
        modelBuilder.HasDbFunction(() => TextSearch.Contains(default, "")).HasName(TextSearch.Function);
        modelBuilder.HasDbFunction(() => IdText.Hex(default)).HasName("hex").IsBuiltIn();
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
        }
    }

    /// <summary>UTC milliseconds since 1970: what every database compares and orders alike.</summary>
    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds(value));

}
