using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace JobQueue.Access.Signing;

/// <summary>
/// What webhooks are signed with, as Standard Webhooks write it: <c>whsec_</c> and the key in base64. Made by a tenant's receiver
/// or by us, and known to both. Immutable.
/// </summary>
internal sealed class SigningSecret
{
    public const string Prefix = "whsec_";
    public const string Rule = "must be whsec_ and 24 to 64 bytes in base64 (the standard alphabet, padded with =).";

    private const int MinBytes = 24;
    private const int MaxBytes = 64;
    private const int RandomBytes = 32;

    private SigningSecret(string text, byte[] key) => (Text, Key) = (text, key);

    /// <summary>Never to be logged.</summary>
    public string Text { get; }

    public ReadOnlyMemory<byte> Key { get; }

    public static SigningSecret Create() => From(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>
    /// Reads a secret with white space around it. Stricter than most verifiers, of which each takes something else for a key: what
    /// is read here means the same to all of them.
    /// </summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out SigningSecret? secret)
    {
        secret = null;
        var trimmed = text.AsSpan().Trim();
        Span<byte> key = stackalloc byte[MaxBytes];
        if (!trimmed.StartsWith(Prefix) || !Convert.TryFromBase64Chars(trimmed[Prefix.Length..], key, out var length) || length < MinBytes)
            return false;
        var read = From(key[..length].ToArray());
        // The framework overlooks white space inside, and bits that stand for nothing.
        if (!trimmed.SequenceEqual(read.Text))
            return false;
        secret = read;
        return true;
    }

    public override string ToString() => $"{Prefix}…";

    private static SigningSecret From(byte[] key) => new(Prefix + Convert.ToBase64String(key), key);
}
