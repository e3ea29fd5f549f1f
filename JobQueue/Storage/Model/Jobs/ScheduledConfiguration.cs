using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

internal sealed class ScheduledConfiguration : IEntityTypeConfiguration<ScheduledRow>
{
    public void Configure(EntityTypeBuilder<ScheduledRow> builder)
    {
        builder.ToTable("scheduled").HasKey(row => new { row.DueAt, row.JobId });
        // Lists of pending jobs find a tenant's few among everybody's many.
        builder.HasIndex(row => row.LaneId).HasDatabaseName("ix_scheduled_lane");
    }
}
