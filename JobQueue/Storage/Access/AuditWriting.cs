using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;

namespace JobQueue.Storage.Access;

internal static class AuditWriting
{
    /// <summary>Adds an entry to the transaction that does what it tells of.</summary>
    public static void AddAudit(
        this JobQueueDb db, DateTimeOffset at, Actor actor, string action, string? tenant, string? target, string? detail = null) =>
        db.Audit.Add(new AuditRow
        {
            At = at,
            Actor = actor.Name,
            Action = action,
            Tenant = tenant,
            Target = target,
            Detail = detail,
            RemoteAddress = actor.RemoteAddress,
        });
}
