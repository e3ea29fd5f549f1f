using JobQueue.Tenants;

namespace JobQueue.Jobs.Leases;

/// <summary>A worker with what it works on.</summary>
public sealed record HeldJobInfo(string Worker, TenantId Tenant, string Queue, string Type);
