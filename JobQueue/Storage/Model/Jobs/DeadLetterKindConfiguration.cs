using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

internal sealed class DeadLetterKindConfiguration : IEntityTypeConfiguration<DeadLetterKindRow>
{
    public void Configure(EntityTypeBuilder<DeadLetterKindRow> builder)
    {
        // Two triggers on dead_letters keep it: a migration that builds that table anew must make them anew.
        builder.ToTable("dead_letter_kinds", table => table.HasCheckConstraint("ck_dead_letter_kinds_count", "count > 0"));
        builder.HasKey(row => new { row.TenantId, row.Fingerprint });
        builder.HasIndex(row => new { row.TenantId, row.LastDeadAt, row.Fingerprint }).HasDatabaseName("ix_dead_letter_kinds_tenant");
        builder.HasIndex(row => new { row.LastDeadAt, row.Fingerprint, row.TenantId }).HasDatabaseName("ix_dead_letter_kinds_last");
    }
}
