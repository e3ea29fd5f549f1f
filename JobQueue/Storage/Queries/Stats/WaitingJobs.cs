using JobQueue.Tenants;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>Jobs that may run and wait for a worker.</summary>
public sealed record WaitingJobs(TenantId TenantId, string Tenant, string Queue, string Type, int Ready);
