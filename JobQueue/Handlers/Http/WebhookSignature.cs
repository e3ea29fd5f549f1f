using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using JobQueue.Access.Signing;

namespace JobQueue.Handlers.Http;

/// <summary>Signatures of calls as Standard Webhooks 1.0.0 (https://www.standardwebhooks.com) say. Pure.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    /// <param name="secrets">Each signs; the older one stands first, as some receivers look at the first signature alone, and hold the older secret.</param>
    /// <param name="id">Without a dot; the same for every attempt.</param>
    /// <param name="timestamp">Of the attempt, in seconds since 1970.</param>
    /// <param name="body">The very bytes that are sent.</param>
    public static string Of(IReadOnlyList<SigningSecret> secrets, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret.Key.Span, signed))}"));
    }
}
