using System.Buffers;
using System.Text;
using System.Text.Json;

namespace JobQueue.Jobs.Submissions;

/// <summary>Says where a text stops being JSON and what is wrong there, for people: the parser's own words are about its options. Pure.</summary>
internal static class JsonFlaw
{
    /// <param name="exception">What the parser threw.</param>
    /// <param name="json">What it read, in UTF-8.</param>
    /// <returns>Such as <c>line 1, column 14: a comma stands before '}'.</c></returns>
    public static string Sentence(JsonException exception, ReadOnlySpan<byte> json)
    {
        var (line, column) = (exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0);
        var at = PositionOf(json, line, column);
        return $"line {line + 1}, column {column + 1}: {(IsDeep(json, at) ? "it is nested too deeply." : Wrong(json, at))}";
    }

    /// <summary>Whether a reader that takes any depth gets past the place.</summary>
    private static bool IsDeep(ReadOnlySpan<byte> json, int at)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.TokenStartIndex < at && reader.Read())
            {
            }

            return reader.TokenStartIndex >= at && at < json.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Wrong(ReadOnlySpan<byte> json, int at)
    {
        var before = json[..at].TrimEnd(" \t\r\n"u8);
        if (at >= json.Length)
            return "the text ends too early.";
        var rest = json[at..];
        return rest[0] switch
        {
            (byte)'}' or (byte)']' when before.EndsWith(","u8) => $"a comma stands before '{(char)rest[0]}'.",
            (byte)'\'' => "strings and names stand in double quotes.",
            (byte)'/' or (byte)'#' => "JSON has no comments.",
            (byte)'N' or (byte)'I' => "NaN and Infinity are no JSON.",
            (byte)'T' or (byte)'F' => "it is true and false, in small letters.",
            (byte)'\n' or (byte)'\r' => "a line break inside a string is written as \\n.",
            (byte)'\t' => "a tab inside a string is written as \\t.",
            < 0x20 => $"the control character U+{rest[0]:X4} is written as \\u{rest[0]:x4}.",
            _ => $"'{First(rest)}' is not expected here.",
        };
    }

    private static string First(ReadOnlySpan<byte> rest) =>
        Rune.DecodeFromUtf8(rest, out var rune, out _) == OperationStatus.Done ? rune.ToString() : "\uFFFD";

    private static int PositionOf(ReadOnlySpan<byte> json, long line, long column)
    {
        var start = 0;
        for (; line > 0; line--)
            start += json[start..].IndexOf((byte)'\n') + 1;
        return (int)Math.Min(start + column, json.Length);
    }
}
