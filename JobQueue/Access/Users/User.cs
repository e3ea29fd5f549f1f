using JobQueue.Tenants;

namespace JobQueue.Access.Users;

/// <summary>A person with an account.</summary>
/// <param name="Stamp">Changes with password, role, tenant and disabling.</param>
internal sealed record User(
    int Id, string Name, string Role, TenantId TenantId, string Tenant, bool Disabled, DateTimeOffset CreatedAt, string Stamp);
