using System.Buffers;
using System.Text;

namespace JobQueue.Handlers.Http;

/// <summary>What is kept of an answer's body, in UTF-8.</summary>
/// <param name="Truncated">Whether there was more.</param>
internal readonly record struct AnswerText(ReadOnlyMemory<byte> Utf8, bool Truncated)
{
    private const int LongestEncoded = 4;

    private static readonly HashSet<string> AsItIs = new(StringComparer.OrdinalIgnoreCase) { "utf-8", "utf8", "us-ascii" };

    /// <summary>Reads an answer's body, and no further than it is kept.</summary>
    /// <param name="most">Bytes that are kept.</param>
    public static async Task<AnswerText> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        // One more tells whether there is more.
        var buffer = ArrayPool<byte>.Shared.Rent(most + 1);
        try
        {
            var length = await stream.ReadAtLeastAsync(buffer.AsMemory(0, most + 1), most + 1, throwOnEndOfStream: false, cancellationToken);
            var truncated = length > most;
            return new AnswerText(Text(buffer.AsSpan(0, Math.Min(length, most)), content.Headers.ContentType?.CharSet, truncated), truncated);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Text(ReadOnlySpan<byte> bytes, string? charset, bool truncated)
    {
        if (EncodingOf(charset) is { } encoding)
            return Encoding.UTF8.GetBytes(encoding.GetString(bytes));
        var text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        return (truncated ? WithoutHalfCharacter(text) : text).ToArray();
    }

    /// <summary><see langword="null"/> for UTF-8, and for what nobody knows.</summary>
    private static Encoding? EncodingOf(string? charset)
    {
        var name = charset?.Trim('"');
        if (string.IsNullOrEmpty(name) || AsItIs.Contains(name))
            return null;
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> WithoutHalfCharacter(ReadOnlySpan<byte> text)
    {
        for (var length = 1; length < LongestEncoded && length <= text.Length; length++)
        {
            if (Rune.DecodeFromUtf8(text[^length..], out _, out _) == OperationStatus.NeedMoreData)
                return text[..^length];
        }

        return text;
    }
}
