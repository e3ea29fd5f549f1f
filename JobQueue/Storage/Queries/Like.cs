namespace JobQueue.Storage.Queries;

/// <summary>A user's text as a LIKE pattern that means just that text.</summary>
internal static class Like
{
    public const string Escape = "\\";

    public static string Containing(string text) => $"%{Literally(text)}%";

    public static string StartingWith(string text) => $"{Literally(text)}%";

    private static string Literally(string text) => text
        .Replace(Escape, Escape + Escape, StringComparison.Ordinal)
        .Replace("%", Escape + "%", StringComparison.Ordinal)
        .Replace("_", Escape + "_", StringComparison.Ordinal);
}
