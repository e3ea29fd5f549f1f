using Microsoft.AspNetCore.Authorization;

namespace JobQueue.Access;

/// <summary>Names of the bearer scheme (RFC 6750).</summary>
internal static class Bearer
{
    public const string Scheme = "Bearer";

    /// <summary>The scopes an endpoint asks for.</summary>
    public static IEnumerable<string> ScopesOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>().Where(Scopes.IsKnown) ?? [];
}
