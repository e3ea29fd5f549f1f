using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

internal sealed class TenantConfiguration : IEntityTypeConfiguration<TenantRow>
{
    public void Configure(EntityTypeBuilder<TenantRow> builder)
    {
        builder.ToTable("tenants", table => table.HasCheckConstraint(
            "ck_tenants_limits", "max_concurrent >= 0 AND max_new_per_minute >= 0 AND max_pending >= 0"));
        builder.HasIndex(row => row.Name).IsUnique().HasDatabaseName("ux_tenants_name");
    }
}
