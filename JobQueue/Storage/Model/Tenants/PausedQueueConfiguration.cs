using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

internal sealed class PausedQueueConfiguration : IEntityTypeConfiguration<PausedQueueRow>
{
    public void Configure(EntityTypeBuilder<PausedQueueRow> builder)
    {
        builder.ToTable("paused_queues").HasKey(row => new { row.TenantId, row.Name });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
