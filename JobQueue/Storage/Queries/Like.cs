namespace JobQueue.Storage.Queries;

/// <summary>A user's text as a LIKE pattern that means just that text.</summary>
internal static class Like
{
    public const string Escape = "\\";

    public static string Containing(string text) =>
        $"%{text.Replace(Escape, Escape + Escape, StringComparison.Ordinal).Replace("%", Escape + "%", StringComparison.Ordinal).Replace("_", Escape + "_", StringComparison.Ordinal)}%";
}
