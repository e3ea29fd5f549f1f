using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Working.Ending;

internal static class QueueMoves
{
    public static void Resumed(WriterServices services, Writes writes, TenantId tenant, string queue, string actor, long now) =>
        Say(services, writes, JobEventKind.QueueResumed, tenant, queue, actor, now);

    public static void Paused(WriterServices services, Writes writes, TenantId tenant, string queue, string actor, long now) =>
        Say(services, writes, JobEventKind.QueuePaused, tenant, queue, actor, now);

    private static void Say(
        WriterServices services, Writes writes, JobEventKind kind, TenantId tenant, string queue, string actor, long now)
    {
        writes.ConfigurationChanges = true;
        writes.Events.Add(new JobEvent
        {
            Kind = kind,
            JobId = default,
            TenantId = tenant,
            Tenant = services.Tenants[tenant].Name,
            Queue = queue,
            Type = "",
            Status = JobStatus.Pending,
            At = DateTimeOffset.FromUnixTimeMilliseconds(now),
            Actor = actor,
        });
    }
}
