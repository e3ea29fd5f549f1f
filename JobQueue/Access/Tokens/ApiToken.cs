using JobQueue.Tenants;

namespace JobQueue.Access.Tokens;

/// <summary>A bearer token as it is known in memory. The secret is not: it is stored nowhere.</summary>
/// <param name="Prefix">The secret's first characters, to recognise it by.</param>
internal sealed record ApiToken(
    Guid Id,
    TenantId TenantId,
    string Tenant,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt)
{
    /// <summary>How the audit log and <c>submitted_by</c> call this token.</summary>
    public string ActorName { get; } = $"token:{Name}";

    public bool IsAdmin { get; } = Scopes.Contains(Access.Scopes.Admin);

    public bool Has(string scope) => IsAdmin || Scopes.Contains(scope);

    public bool IsExpiredAt(DateTimeOffset now) => ExpiresAt is { } expiry && expiry <= now;
}
