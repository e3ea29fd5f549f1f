using JobQueue.Access.Audit;

namespace JobQueue.Api.Administration;

/// <summary>An entry of the audit log.</summary>
internal sealed record AuditResponse(
    long Id, DateTimeOffset At, string Actor, string Action, string? Tenant, string? Target, string? Detail, string? RemoteAddress)
{
    public static AuditResponse From(AuditEntry entry) => new(
        entry.Id, entry.At, entry.Actor, entry.Action, entry.Tenant, entry.Target, entry.Detail, entry.RemoteAddress);
}
