namespace JobQueue.Storage.Postgres.Writing;

internal sealed record AuditLine(long At, string Actor, string Action, string? Tenant, string? Target, string? Detail, string? RemoteAddress);
