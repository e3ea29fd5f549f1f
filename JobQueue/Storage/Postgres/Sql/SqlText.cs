using System.Collections.Concurrent;

namespace JobQueue.Storage.Postgres.Sql;

/// <summary>Statements' text, from the <c>.sql</c> files beside this class and the migrations. Thread-safe.</summary>
internal static class SqlText
{
    private static readonly ConcurrentDictionary<string, string> Statements = new();
    private static readonly ConcurrentDictionary<string, string> Counted = new();

    /// <summary>A statement of the store.</summary>
    public static string Load(string name) => Statements.GetOrAdd(name, static name => Read($"Sql.{name}"));

    /// <summary>A statement that writes, as one that ends its transaction where it touches another number of rows than its last parameter says.</summary>
    /// <param name="parameters">How many it has besides.</param>
    public static string LoadCounted(string name, int parameters) => Counted.GetOrAdd(
        name,
        static (name, parameters) =>
            $"WITH touched AS ({Load(name)} RETURNING 1) SELECT expect_rows((SELECT count(*) FROM touched), ${parameters + 1}, '{name}')",
        parameters);

    /// <summary>A part of the schema.</summary>
    public static string Schema(string name) => Read($"Migrations.{name}");

    private static string Read(string path)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream($"JobQueue.Storage.Postgres.{path}.sql")
            ?? throw new InvalidOperationException($"The statement {path} is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
