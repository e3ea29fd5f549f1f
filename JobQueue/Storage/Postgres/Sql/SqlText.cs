namespace JobQueue.Storage.Postgres.Sql;

/// <summary>Statements' text, from the <c>.sql</c> files beside this class and the migrations.</summary>
internal static class SqlText
{
    /// <summary>A statement of the store.</summary>
    public static string Load(string name) => Read($"Sql.{name}");

    /// <summary>A part of the schema.</summary>
    public static string Schema(string name) => Read($"Migrations.{name}");

    private static string Read(string path)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream($"JobQueue.Storage.Postgres.{path}.sql")
            ?? throw new InvalidOperationException($"The statement {path} is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
