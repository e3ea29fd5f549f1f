using JobQueue.Tenants;

namespace JobQueue.Access.Users;

/// <summary>A tenant and what it may use at most.</summary>
internal sealed record Tenant(TenantId Id, string Name, TenantLimits Limits, DateTimeOffset CreatedAt);
