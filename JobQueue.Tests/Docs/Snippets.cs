using System.Text.RegularExpressions;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Docs;

/// <summary>Programs of a page in <c>docs</c>, as they stand there.</summary>
internal static partial class Snippets
{
    /// <summary>The first program below the heading.</summary>
    public static string Below(string heading, string page)
    {
        var text = File.ReadAllText(Repository.File("docs", page));
        var section = text[text.IndexOf($"\n### {heading}\n", StringComparison.Ordinal)..];
        return Block().Match(section).Groups["text"].Value;
    }

    [GeneratedRegex("^```[a-z]+\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
