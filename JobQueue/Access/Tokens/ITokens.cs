using JobQueue.Jobs.Store;
using JobQueue.Tenants;

namespace JobQueue.Access.Tokens;

/// <summary>
/// The bearer tokens. Tokens made in a demo are void outside it. Thread-safe; what a call changes is on disk when its task ends.
/// </summary>
internal interface ITokens
{
    /// <summary>Makes a token, and its tenant when that is missing.</summary>
    Task<NewToken> CreateAsync(NewTokenRequest request, CancellationToken cancellationToken);

    /// <summary>The caller whose secret this is; <see langword="null"/> for none, an expired, a revoked or a void one.</summary>
    ValueTask<TokenPrincipal?> FindAsync(ReadOnlyMemory<char> secret, CancellationToken cancellationToken);

    /// <summary>Newest first, also expired ones.</summary>
    /// <param name="scope">The one tenant in sight, or <see langword="null"/> for all.</param>
    Task<IReadOnlyList<TokenPrincipal>> ListAsync(TenantId? scope, CancellationToken cancellationToken);

    /// <summary>Ends a token. It is refused from the moment this returns, and what it had open is told to end.</summary>
    /// <returns>False when there is none, or none in the actor's sight.</returns>
    Task<bool> RevokeAsync(Guid id, Actor actor, CancellationToken cancellationToken);
}
