using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>What is known without asking the database.</summary>
internal static class LineRules
{
    /// <summary>Whether a wish may take jobs from a line.</summary>
    /// <param name="ahead">Whether the job would wait for a slot rather than start at once.</param>
    /// <param name="now">The moment, by the database's clock since 1970.</param>
    public static bool MayTake(WriterServices services, Line line, LeaseRequest request, bool ahead, TimeSpan now)
    {
        var lane = line.Lane;
        return (request.Tenant is not { } only || only.Value == lane.TenantId)
            && (request.Types is null || request.Types.Contains(lane.Type))
            && (request.Queues is null || request.Queues.Contains(lane.Queue))
            && (!ahead || (!lane.Suspect && request.AheadTypes?.Contains(lane.Type) == true))
            && !services.Paused.Contains(new(lane.TenantId), lane.Queue)
            && (line.Target is not { } target || services.Breakers.Find(lane.TenantId, target)?.TakesCallsAt(now) != false);
    }
}
