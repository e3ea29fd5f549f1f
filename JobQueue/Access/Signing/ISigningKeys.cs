using JobQueue.Tenants;

namespace JobQueue.Access.Signing;

/// <summary>Where the secrets come from that a tenant's webhooks are signed with. Thread-safe.</summary>
internal interface ISigningKeys
{
    /// <summary>Those in use, the older first; none when the tenant's calls go out unsigned.</summary>
    /// <exception cref="SigningKeysException">There are some, and they cannot be read.</exception>
    ValueTask<IReadOnlyList<SigningSecret>> OfAsync(TenantId tenant, CancellationToken cancellationToken);
}
