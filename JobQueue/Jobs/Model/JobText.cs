using System.Text;

namespace JobQueue.Jobs.Model;

/// <summary>How much of what is said about a job is kept, in characters. A report is never refused for its text.</summary>
public static class JobText
{
    public const int MaxErrorMessage = 8_000;
    public const int MaxErrorType = 200;
    public const int MaxProgressMessage = 1_000;
    public const int MaxLogLine = 8_000;

    /// <summary>Lines of one attempt; one more says that the rest was dropped.</summary>
    public const int MaxLogLines = 1_000;

    public static string LogLimit { get; } = $"The log of an attempt is limited to {MaxLogLines} lines; the rest was dropped.";

    /// <summary>The text with at most <paramref name="max"/> characters, an ellipsis in place of what was cut.</summary>
    public static string Cut(string text, int max) =>
        text.Length <= max ? text : string.Concat(Start(text, max - 1), "…");

    /// <summary>The text's first characters, at most <paramref name="max"/>: no pair of surrogates is halved.</summary>
    public static ReadOnlySpan<char> Start(string text, int max) =>
        text.Length <= max ? text : text.AsSpan(0, char.IsHighSurrogate(text[max - 1]) ? max - 1 : max);

    /// <summary>
    /// The text with at most <paramref name="max"/> characters, an ellipsis in place of what was cut, and U+FFFD in place of
    /// half characters (lone surrogates), which are no text, and of U+0000, which not every database keeps.
    /// </summary>
    public static string Kept(string text, int max)
    {
        text = Cut(text, max);
        if (text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;
    }
}
