using JobQueue.Jobs.Model;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Storage.Model.Tenants;

namespace JobQueue.Storage.Queries;

/// <summary>A job's row with the rows around it.</summary>
internal sealed class JobParts
{
    public required JobRow Job { get; init; }
    public required LaneRow Lane { get; init; }
    public required string Tenant { get; init; }
    public LeaseRow? Lease { get; init; }

    public JobStatus Status => Lease is null ? Job.Status : JobStatus.Running;
}
