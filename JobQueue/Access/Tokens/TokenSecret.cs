using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace JobQueue.Access.Tokens;

/// <summary>The part of a token that its owner alone knows.</summary>
internal static class TokenSecret
{
    /// <summary>Marks a secret as one of ours, for people and for scanners of leaked secrets.</summary>
    public const string Prefix = "jq_";

    public const int MaxLength = 200;

    private const int RandomBytes = 32;
    private const int ShownLength = 8;

    public static string Create()
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return Prefix + Base64Url.EncodeToString(random);
    }

    /// <summary>What may be shown of it: five characters after the mark, 30 of its 256 bits.</summary>
    public static string Shown(string secret) => secret[..Math.Min(ShownLength, secret.Length)];

    /// <summary>False for what cannot be a secret of ours, without a look at the store.</summary>
    public static bool TryHash(ReadOnlySpan<char> secret, out TokenHash hash)
    {
        hash = default;
        if (secret.Length > MaxLength || !secret.StartsWith(Prefix))
            return false;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!Ascii.IsValid(secret) || !Encoding.ASCII.TryGetBytes(secret, bytes, out var length))
            return false;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], digest);
        hash = TokenHash.Read(digest);
        return true;
    }
}
