using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Access;

internal sealed class TokenConfiguration : IEntityTypeConfiguration<TokenRow>
{
    public void Configure(EntityTypeBuilder<TokenRow> builder)
    {
        builder.ToTable("tokens", table => table.HasCheckConstraint("ck_tokens_hash", "length(hash) = 32"));
        builder.HasIndex(row => row.Hash).IsUnique().HasDatabaseName("ux_tokens_hash");
        builder.HasOne(row => row.Tenant).WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
