using System.ComponentModel;
using JobQueue.Access.Signing;

namespace JobQueue.Api.Administration;

/// <summary>A signing secret in use, without itself.</summary>
internal sealed record SigningSecretResponse(Guid Id, DateTimeOffset CreatedAt)
{
    public static SigningSecretResponse From(LiveSecret secret) => new(secret.Id, secret.CreatedAt);
}

/// <summary>A secret of one's own.</summary>
internal sealed record SigningSecretRequest
{
    [Description("One that the receiver has already: `whsec_` and 24 to 64 bytes in base64, padded. One of 32 random bytes is made when it is absent.")]
    public string? Secret { get; init; }
}

/// <param name="Secret">Shown this once: the receiver needs it to verify what is signed with it.</param>
internal sealed record NewSigningSecretResponse(Guid Id, string Secret, DateTimeOffset CreatedAt);
