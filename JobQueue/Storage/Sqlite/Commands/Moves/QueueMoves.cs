using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>Pausing and resuming a queue.</summary>
internal static class QueueMoves
{
    public static void Pause(WriteContext context, PausedQueue queue)
    {
        context.Sql.PauseQueue.Bind(queue.Tenant.Value).Bind(queue.Name).Bind(queue.PausedAt.ToUnixTimeMilliseconds())
            .Bind(queue.PausedBy).Bind(queue.Reason).Bind(queue.Until?.ToUnixTimeMilliseconds()).Run();
        context.Board.Pause(queue);
        Say(context, JobEventKind.QueuePaused, queue.Tenant, queue.Name, queue.PausedBy);
    }

    public static void Resume(WriteContext context, TenantId tenant, string queue, string actor)
    {
        if (context.Sql.ResumeQueue.Bind(tenant.Value).Bind(queue).Run() == 0)
            return;
        context.Board.Resume(tenant, queue);
        Say(context, JobEventKind.QueueResumed, tenant, queue, actor);
    }

    private static void Say(WriteContext context, JobEventKind kind, TenantId tenant, string queue, string actor) =>
        context.Events.Add(new JobEvent
        {
            Kind = kind,
            JobId = default,
            TenantId = tenant,
            Tenant = context.Board.Tenant(tenant).Name,
            Queue = queue,
            Type = "",
            Status = JobStatus.Pending,
            At = context.Now,
            Actor = actor,
        });
}
