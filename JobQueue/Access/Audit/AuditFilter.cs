namespace JobQueue.Access.Audit;

/// <summary>Which entries a list shows. All conditions must hold.</summary>
internal sealed record AuditFilter(string? Actor = null, string? Action = null, string? Tenant = null);
