using System.Buffers;
using System.Text;

namespace JobQueue.Handlers.Http;

/// <summary>What is kept of an answer's body, in UTF-8.</summary>
/// <param name="Truncated">Whether there was more.</param>
internal readonly record struct AnswerText(ReadOnlyMemory<byte> Utf8, bool Truncated)
{
    private const int FirstRead = 4_095;
    private const int LongestEncoded = 4;

    private static readonly HashSet<string> AsItIs = new(StringComparer.OrdinalIgnoreCase) { "utf-8", "utf8", "us-ascii" };

    /// <summary>Reads an answer's body, and no further than it is kept.</summary>
    /// <param name="most">Bytes that are kept.</param>
    public static async Task<AnswerText> ReadAsync(HttpContent content, int most, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        // As much as was announced, and one that shows the end: large buffers for small answers would be most of the memory.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(most, (content.Headers.ContentLength ?? FirstRead) + 1));
        var length = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, most) - length), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length == buffer.Length && length < most)
                    Grow(ref buffer);
            }

            var truncated = length == most && await stream.ReadAsync(new byte[1], cancellationToken) > 0;
            return new AnswerText(Text(buffer.AsSpan(0, length), content.Headers.ContentType?.CharSet, truncated), truncated);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
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
