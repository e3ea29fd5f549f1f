using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

internal sealed class MinuteConfiguration : IEntityTypeConfiguration<MinuteRow>
{
    public void Configure(EntityTypeBuilder<MinuteRow> builder) =>
        builder.ToTable("minutes").HasKey(row => new { row.LaneId, row.Minute });
}
