using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Tenants;

internal sealed class SigningSecretConfiguration : IEntityTypeConfiguration<SigningSecretRow>
{
    public void Configure(EntityTypeBuilder<SigningSecretRow> builder)
    {
        builder.ToTable("signing_secrets", table => table.HasCheckConstraint("ck_signing_secrets_place", "place IN (1, 2)"));
        builder.HasIndex(row => new { row.TenantId, row.Place }).IsUnique().HasDatabaseName("ux_signing_secrets_place");
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
