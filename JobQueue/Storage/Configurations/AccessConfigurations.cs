using JobQueue.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Configurations;

internal sealed class UserConfiguration : IEntityTypeConfiguration<UserRow>
{
    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.ToTable("users", table =>
            table.HasCheckConstraint("ck_users_role", "role IN ('member', 'operator', 'administrator')"));
        builder.HasIndex(row => row.Name).IsUnique().HasDatabaseName("ux_users_name");
        builder.HasOne(row => row.Tenant).WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class TokenConfiguration : IEntityTypeConfiguration<TokenRow>
{
    public void Configure(EntityTypeBuilder<TokenRow> builder)
    {
        builder.ToTable("tokens", table => table.HasCheckConstraint("ck_tokens_hash", "length(hash) = 32"));
        builder.HasIndex(row => row.Hash).IsUnique().HasDatabaseName("ux_tokens_hash");
        builder.HasOne(row => row.Tenant).WithMany().HasForeignKey(row => row.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class AuditConfiguration : IEntityTypeConfiguration<AuditRow>
{
    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable("audit").HasKey(row => row.Id);
        builder.HasIndex(row => new { row.Tenant, row.Id }).HasDatabaseName("ix_audit_tenant");
    }
}

internal sealed class MetaConfiguration : IEntityTypeConfiguration<MetaRow>
{
    public void Configure(EntityTypeBuilder<MetaRow> builder) => builder.ToTable("meta").HasKey(row => row.Key);
}
