namespace JobQueue.Storage.Entities;

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

/// <summary>Who did what to what. Only ever appended to, until retention takes it.</summary>
internal sealed class AuditRow
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Actor { get; set; }

    /// <summary>A verb with its noun: <c>job.cancel</c>, <c>token.create</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The tenant's name as it was then.</summary>
    public string? Tenant { get; set; }

    public string? Target { get; set; }

    /// <summary>What changed, for people; never a secret or a payload.</summary>
    public string? Detail { get; set; }

    public string? RemoteAddress { get; set; }
}

/// <summary>A fact about the database itself.</summary>
internal sealed class MetaRow
{
    public required string Key { get; set; }
    public required string Value { get; set; }
}
