using JobQueue.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Configurations;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<TenantRow>
{
    public void Configure(EntityTypeBuilder<TenantRow> builder)
    {
        builder.ToTable("tenants", table => table.HasCheckConstraint(
            "ck_tenants_limits", "max_concurrent >= 0 AND max_new_per_minute >= 0 AND max_pending >= 0"));
        builder.HasIndex(row => row.Name).IsUnique().HasDatabaseName("ux_tenants_name");
    }
}

internal sealed class LaneConfiguration : IEntityTypeConfiguration<LaneRow>
{
    public void Configure(EntityTypeBuilder<LaneRow> builder)
    {
        builder.ToTable("lanes", table => table.HasCheckConstraint(
            "ck_lanes_counters", "pending >= ready AND ready >= 0 AND done >= 0 AND failed >= dead AND dead >= 0"));
        builder.HasIndex(row => new { row.TenantId, row.Queue, row.Type, row.Suspect }).IsUnique().HasDatabaseName("ux_lanes");
        builder.HasOne(row => row.Tenant).WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class PausedQueueConfiguration : IEntityTypeConfiguration<PausedQueueRow>
{
    public void Configure(EntityTypeBuilder<PausedQueueRow> builder)
    {
        builder.ToTable("paused_queues").HasKey(row => new { row.TenantId, row.Name });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class MinuteConfiguration : IEntityTypeConfiguration<MinuteRow>
{
    public void Configure(EntityTypeBuilder<MinuteRow> builder) =>
        builder.ToTable("minutes").HasKey(row => new { row.LaneId, row.Minute });
}
