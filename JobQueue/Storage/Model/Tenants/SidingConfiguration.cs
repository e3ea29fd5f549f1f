using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

internal sealed class SidingConfiguration : IEntityTypeConfiguration<SidingRow>
{
    public void Configure(EntityTypeBuilder<SidingRow> builder)
    {
        builder.ToTable("sidings", table => table.HasCheckConstraint("ck_sidings_id", "id < 0"));
        builder.Property(row => row.Id).ValueGeneratedNever();
        builder.HasIndex(row => new { row.LaneId, row.Target }).IsUnique().HasDatabaseName("ux_sidings");
    }
}
