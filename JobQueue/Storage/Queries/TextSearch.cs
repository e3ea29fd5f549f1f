using System.Text;

namespace JobQueue.Storage.Queries;

/// <summary>
/// What a search for text means, in every script alike: capital and small letters are the same. An accent that is written as a
/// character of its own is another text: the program runs without tables of languages. Each database knows it as a function of
/// its own. Pure.
/// </summary>
internal static class TextSearch
{
    /// <summary>The name of <see cref="Contains"/> in the database.</summary>
    public const string Function = "text_contains";

    /// <param name="folded">What is looked for, folded.</param>
    public static bool Contains(string? text, string folded)
    {
        if (text is null)
            return false;
        return Ascii.IsValid(text)
            ? text.Contains(folded, StringComparison.OrdinalIgnoreCase)
            : Fold(text).Contains(folded, StringComparison.Ordinal);
    }

    /// <summary>Equal for texts that a reader takes for the same letters.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        // Up and down again: some letters have two small forms (\u03c3 and \u03c2), and no capital of their own (\u00df).
        return text.ToUpperInvariant().ToLowerInvariant()
            .Replace('\u0130', 'i')
            .Replace('\u0131', 'i')
            .Replace("\u00df", "ss", StringComparison.Ordinal)
            .Replace("\u1e9e", "ss", StringComparison.Ordinal);
    }
}
