using JobQueue.Storage.Model.Tenants;

namespace JobQueue.Storage.Model.Access;

internal sealed class TokenRow
{
    public Guid Id { get; set; }
    public int TenantId { get; set; }
    public required string Name { get; set; }

    /// <summary>The secret's first characters, to recognise it by.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the secret, which itself is stored nowhere.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Separated by commas.</summary>
    public required string Scopes { get; set; }

    public required string CreatedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Made in a demo: void outside it.</summary>
    public bool Demo { get; set; }

    public TenantRow? Tenant { get; set; }
}
