using JobQueue.Storage.Model.Tenants;

namespace JobQueue.Storage.Model.Access;

internal sealed class UserRow
{
    public int Id { get; set; }
    public required string Name { get; set; }
    public required string PasswordHash { get; set; }

    /// <summary><c>member</c>, <c>operator</c> or <c>administrator</c>.</summary>
    public required string Role { get; set; }

    public int TenantId { get; set; }
    public bool Disabled { get; set; }

    /// <summary>Made in a demo: void outside it.</summary>
    public bool Demo { get; set; }

    /// <summary>Changes with password, role, tenant and disabling: cookies that carry another one are void.</summary>
    public required string Stamp { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public TenantRow? Tenant { get; set; }
}
