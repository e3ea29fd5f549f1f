using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

internal sealed class BreakerConfiguration : IEntityTypeConfiguration<BreakerRow>
{
    public void Configure(EntityTypeBuilder<BreakerRow> builder)
    {
        builder.ToTable("breakers", table => table.HasCheckConstraint(
            "ck_breakers_counters", "failures > 0 AND pause_milliseconds >= 0 AND rest_milliseconds >= 0"));
        builder.HasKey(row => new { row.TenantId, row.Target });
    }
}
