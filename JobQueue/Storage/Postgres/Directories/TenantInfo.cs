using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Directories;

/// <summary>A tenant as it was last read.</summary>
internal sealed record TenantInfo(TenantId Id, string Name, TenantLimits Limits);
