using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

internal sealed class IdempotencyKeyConfiguration : IEntityTypeConfiguration<IdempotencyKeyRow>
{
    public void Configure(EntityTypeBuilder<IdempotencyKeyRow> builder)
    {
        builder.ToTable("idempotency_keys", table =>
            table.HasCheckConstraint("ck_idempotency_keys_hashes", "length(key_hash) = 16 AND length(request_hash) = 16"));
        builder.HasKey(row => new { row.TenantId, row.KeyHash });
    }
}
