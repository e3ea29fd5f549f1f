namespace JobQueue.Storage.Model;

/// <summary>How tags lie in their column: a line feed before, between and after them.</summary>
internal static class Tags
{
    public static string? Write(IReadOnlyList<string> tags) => tags.Count == 0 ? null : $"\n{string.Join('\n', tags)}\n";

    public static IReadOnlyList<string> Read(string? column) => column is null ? [] : column.Trim('\n').Split('\n');
}
