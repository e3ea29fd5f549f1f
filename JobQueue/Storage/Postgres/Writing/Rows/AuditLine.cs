namespace JobQueue.Storage.Postgres.Writing.Rows;

internal sealed record AuditLine(long At, string Actor, string Action, string? Tenant, string? Target, string? Detail, string? RemoteAddress);
