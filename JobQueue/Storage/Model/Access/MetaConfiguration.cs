using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Access;

internal sealed class MetaConfiguration : IEntityTypeConfiguration<MetaRow>
{
    public void Configure(EntityTypeBuilder<MetaRow> builder) => builder.ToTable("meta").HasKey(row => row.Key);
}
