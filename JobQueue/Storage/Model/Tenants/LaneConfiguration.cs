using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

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
