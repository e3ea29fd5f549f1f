using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Callbacks;

internal sealed class CallbackConfiguration : IEntityTypeConfiguration<CallbackRow>
{
    public void Configure(EntityTypeBuilder<CallbackRow> builder) =>
        builder.ToTable("callbacks").HasKey(row => new { row.EndedId, row.JobId });
}
