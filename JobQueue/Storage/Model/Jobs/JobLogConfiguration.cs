using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace JobQueue.Storage.Model.Jobs;

internal sealed class JobLogConfiguration : IEntityTypeConfiguration<JobLogRow>
{
    public void Configure(EntityTypeBuilder<JobLogRow> builder)
    {
        builder.ToTable("job_logs").HasKey(row => new { row.JobId, row.Number });
        builder.HasOne<JobRow>().WithMany().HasForeignKey(row => row.JobId).OnDelete(DeleteBehavior.Cascade);
    }
}
