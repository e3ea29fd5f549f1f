namespace JobQueue.Access.Audit;

/// <summary>Who did what to what, when and from where.</summary>
internal sealed record AuditEntry(
    long Id, DateTimeOffset At, string Actor, string Action, string? Tenant, string? Target, string? Detail, string? RemoteAddress);
