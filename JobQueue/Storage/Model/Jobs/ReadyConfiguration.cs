using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

internal sealed class ReadyConfiguration : IEntityTypeConfiguration<ReadyRow>
{
    public void Configure(EntityTypeBuilder<ReadyRow> builder) =>
        builder.ToTable("ready").HasKey(row => new { row.LaneId, row.Rank, row.DueAt, row.JobId });
}
