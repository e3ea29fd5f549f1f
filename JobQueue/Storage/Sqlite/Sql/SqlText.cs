namespace JobQueue.Storage.Sqlite.Sql;

/// <summary>The hot statements' text, from the <c>.sql</c> files beside this class.</summary>
internal static class SqlText
{
    private const string Prefix = "JobQueue.Storage.Sqlite.Sql.";
    private const string Suffix = ".sql";

    /// <summary>Every statement's name.</summary>
    public static IReadOnlyList<string> Names { get; } = typeof(SqlText).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..^Suffix.Length])
        .ToList();

    public static string Load(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(Prefix + name + Suffix)
            ?? throw new InvalidOperationException($"The statement {name} is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
