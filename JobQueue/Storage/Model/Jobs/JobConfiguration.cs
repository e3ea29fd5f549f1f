using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

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
        // Newest first inside a tenant. The columns never change, so the index is paid for once (measured by "bench --only store":
        // 7 % of the submissions a second; one that contained the status would cost 38 %).
        builder.HasIndex(job => new { job.TenantId, job.Id }).HasDatabaseName("ix_jobs_tenant");
        // Failed jobs are few: found without walking over the others, at no cost to those. The status, which is the same in all
        // rows, stands first because SQLite otherwise takes ix_jobs_tenant to be as good.
        builder.HasIndex(job => new { job.Status, job.TenantId, job.Id }, "ix_jobs_failed").HasFilter("status = 3");
        builder.HasIndex(job => new { job.Status, job.Id }, "ix_jobs_failed_all").HasFilter("status = 3");
        // No foreign keys on the hot path, where each insert would pay a look-up: tenants are never deleted, and a lane only by the
        // writer, in the transaction that saw it empty.
    }
}
