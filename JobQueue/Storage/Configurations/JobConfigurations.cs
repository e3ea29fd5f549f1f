using JobQueue.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Configurations;

internal sealed class JobConfiguration : IEntityTypeConfiguration<JobRow>
{
    public void Configure(EntityTypeBuilder<JobRow> builder)
    {
        builder.ToTable("jobs", table =>
        {
            // Not IN (…): SQLite would build a table of the three values for every row it checks.
            table.HasCheckConstraint("ck_jobs_status", "status = 0 OR status = 2 OR status = 3");
            table.HasCheckConstraint("ck_jobs_finished", "(status = 0) = (finished_at IS NULL)");
            table.HasCheckConstraint("ck_jobs_reason", "(status = 3) = (reason IS NOT NULL)");
            table.HasCheckConstraint("ck_jobs_reason_known", "reason BETWEEN 1 AND 5");
            table.HasCheckConstraint("ck_jobs_retries", "retries BETWEEN 0 AND max_retries");
        });
        builder.HasKey(job => job.Id);
        // Newest first inside a tenant. The columns never change, so the index is paid for once (measured: 7 %; one that
        // contained the status would cost 38 %).
        builder.HasIndex(job => new { job.TenantId, job.Id }).HasDatabaseName("ix_jobs_tenant");
        // Failed jobs are few: found without walking over the others, at no cost to those. The status, which is the same in all
        // rows, stands first because SQLite otherwise takes ix_jobs_tenant to be as good.
        builder.HasIndex(job => new { job.Status, job.TenantId, job.Id }, "ix_jobs_failed").HasFilter("status = 3");
        builder.HasIndex(job => new { job.Status, job.Id }, "ix_jobs_failed_all").HasFilter("status = 3");
        // No foreign keys on the hot path: lanes and tenants are never deleted, and a look-up per insert would be paid for nothing.
    }
}

internal sealed class ReadyConfiguration : IEntityTypeConfiguration<ReadyRow>
{
    public void Configure(EntityTypeBuilder<ReadyRow> builder) =>
        builder.ToTable("ready").HasKey(row => new { row.LaneId, row.Rank, row.DueAt, row.JobId });
}

internal sealed class ScheduledConfiguration : IEntityTypeConfiguration<ScheduledRow>
{
    public void Configure(EntityTypeBuilder<ScheduledRow> builder)
    {
        builder.ToTable("scheduled").HasKey(row => new { row.DueAt, row.JobId });
        // Lists of pending jobs find a tenant's few among everybody's many.
        builder.HasIndex(row => row.LaneId).HasDatabaseName("ix_scheduled_lane");
    }
}

internal sealed class LeaseConfiguration : IEntityTypeConfiguration<LeaseRow>
{
    public void Configure(EntityTypeBuilder<LeaseRow> builder) => builder.ToTable("leases").HasKey(row => row.JobId);
}

internal sealed class AttemptConfiguration : IEntityTypeConfiguration<AttemptRow>
{
    public void Configure(EntityTypeBuilder<AttemptRow> builder)
    {
        builder.ToTable("attempts", table => table.HasCheckConstraint("ck_attempts_outcome", "outcome BETWEEN 2 AND 5"));
        builder.HasKey(row => new { row.JobId, row.Number });
        builder.HasOne<JobRow>().WithMany().HasForeignKey(row => row.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class JobLogConfiguration : IEntityTypeConfiguration<JobLogRow>
{
    public void Configure(EntityTypeBuilder<JobLogRow> builder)
    {
        builder.ToTable("job_logs").HasKey(row => new { row.JobId, row.Number });
        builder.HasOne<JobRow>().WithMany().HasForeignKey(row => row.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetterRow>
{
    public void Configure(EntityTypeBuilder<DeadLetterRow> builder)
    {
        builder.ToTable("dead_letters", table => table.HasCheckConstraint("ck_dead_letters_reason", "reason BETWEEN 1 AND 3"));
        builder.HasKey(row => row.JobId);
        builder.HasOne(row => row.Job).WithOne().HasForeignKey<DeadLetterRow>(row => row.JobId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(row => new { row.TenantId, row.DeadAt, row.JobId }).HasDatabaseName("ix_dead_letters_tenant");
        builder.HasIndex(row => new { row.DeadAt, row.JobId }).HasDatabaseName("ix_dead_letters_dead_at");
        builder.HasIndex(row => new { row.TenantId, row.Fingerprint, row.DeadAt }).HasDatabaseName("ix_dead_letters_fingerprint");
    }
}

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKeyRow>
{
    public void Configure(EntityTypeBuilder<IdempotencyKeyRow> builder)
    {
        builder.ToTable("idempotency_keys", table =>
            table.HasCheckConstraint("ck_idempotency_keys_hashes", "length(key_hash) = 16 AND length(request_hash) = 16"));
        builder.HasKey(row => new { row.TenantId, row.KeyHash });
    }
}
