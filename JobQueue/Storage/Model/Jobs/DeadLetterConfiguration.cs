using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

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
