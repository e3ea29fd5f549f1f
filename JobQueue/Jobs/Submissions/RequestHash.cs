using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace JobQueue.Jobs.Submissions;

/// <summary>
/// Tells whether two requests with the same idempotency key are the same: 16 bytes of SHA-256 over the canonical form of what
/// was asked for, defaults filled in. Who asked and in which trace is no part of it. Pure.
/// </summary>
internal static class RequestHash
{
    public const int Size = 16;

    /// <summary>Hashed along with the request. Whoever changes the canonical form must change this too, or old keys would seem reused.</summary>
    private const string Form = "submit-1";

    /// <param name="submission">The request, checked and filled in.</param>
    /// <param name="delaySeconds">The JSON number as sent; empty without one. A delay counts as given, not to the millisecond.</param>
    public static byte[] Of(Submission submission, ReadOnlySpan<byte> delaySeconds)
    {
        var canonical = new ArrayBufferWriter<byte>(512);
        CanonicalJson.WriteText(Form, canonical);
        CanonicalJson.WriteText(submission.Type, canonical);
        CanonicalJson.WriteText(submission.Queue, canonical);
        WriteNumber(submission.Priority, canonical);
        WriteNumber(submission.MaxRetries, canonical);
        WriteNumber(submission.TimeoutSeconds, canonical);
        WriteNumber(submission.RunAt?.ToUnixTimeMilliseconds(), canonical);
        CanonicalJson.Write(delaySeconds.IsEmpty ? "null"u8 : delaySeconds, canonical);
        WriteNumber(submission.Tags.Count, canonical);
        foreach (var tag in submission.Tags)
            CanonicalJson.WriteText(tag, canonical);
        CanonicalJson.Write(submission.Payload.Span, canonical);
        // A field that came later changes nothing for requests without it.
        if (submission.Callback is { } callback)
        {
            CanonicalJson.WriteText("callback", canonical);
            CanonicalJson.WriteText(callback.Url, canonical);
            WriteNumber((long)callback.On, canonical);
        }


        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical.WrittenSpan, digest);
        return digest[..Size].ToArray();
    }

    private static void WriteNumber(long? number, ArrayBufferWriter<byte> canonical) =>
        CanonicalJson.WriteText(number?.ToString(CultureInfo.InvariantCulture) ?? "", canonical);
}
