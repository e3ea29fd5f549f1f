using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Queries;

/// <summary>What of an id people type or paste: all of it, with hyphens or without, or a part, such as the beginning and the end that pages print.</summary>
internal static class IdText
{
    private const int Digits = 32;

    /// <summary>Fewer would be found in the ids of jobs that have nothing to do with it.</summary>
    private const int LeastDigits = 6;

    public static bool TryParse(string text, out JobId id)
    {
        id = default;
        var digits = Bare(text);
        if (digits.Length != Digits || !Guid.TryParseExact(digits, "N", out var value))
            return false;
        id = new JobId(value);
        return true;
    }

    /// <summary>A pattern for LIKE over the hexadecimal digits of an id; <see langword="null"/> for what is no part of one.</summary>
    public static string? PatternOf(string text)
    {
        var parts = Bare(text).Replace("...", "\u2026", StringComparison.Ordinal).Split('\u2026');
        var known = parts.Sum(part => part.Length);
        if (parts.Length > 2 || known is < LeastDigits or > Digits || !parts.All(part => part.All(char.IsAsciiHexDigit)))
            return null;
        return parts.Length == 2 ? $"{parts[0]}%{parts[1]}" : $"%{parts[0]}%";
    }

    /// <summary>The name that SQLite has for it, and stands for it in queries.</summary>
    public static string Hex(JobId id) => Convert.ToHexString(id.ToByteArray());

    private static string Bare(string text) => text.Trim().Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
