using JobQueue.Access.Signing;
using JobQueue.Tenants;
using Microsoft.Extensions.Options;

namespace JobQueue.Handlers.Http;

/// <summary>The signing secrets of a process that has no tenants, from its own configuration. Immutable.</summary>
internal sealed class ConfiguredSigningKeys(IOptions<HttpHandlerOptions> options) : ISigningKeys
{
    private readonly IReadOnlyList<SigningSecret> _secrets = [.. options.Value.SigningSecrets.Select(Read)];

    public ValueTask<IReadOnlyList<SigningSecret>> OfAsync(TenantId tenant, CancellationToken cancellationToken) => ValueTask.FromResult(_secrets);

    private static SigningSecret Read(string text) =>
        SigningSecret.TryRead(text, out var secret) ? secret : throw new ArgumentException(SigningSecret.Rule, nameof(text));
}
