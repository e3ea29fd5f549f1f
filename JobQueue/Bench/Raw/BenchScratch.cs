using Microsoft.Data.Sqlite;

namespace JobQueue.Bench.Raw;

/// <summary>
/// The run's files, in a folder that goes afterwards. It lies in the working directory, as the database does by default: a
/// temporary folder may be in memory, where a flush costs nothing.
/// </summary>
internal sealed class BenchScratch : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly string? _database;

    public BenchScratch(BenchOptions options)
    {
        _database = options.Database is { } path ? Path.GetFullPath(path) : null;
        var parent = _database is null ? Environment.CurrentDirectory : Path.GetDirectoryName(_database)!;
        _folder = Directory.CreateDirectory(Path.Combine(parent, $"bench-{Environment.ProcessId}"));
    }

    public string Logs => Path.Combine(_folder.FullName, "logs");

    /// <summary>The main database; the one that stays when a path was given.</summary>
    public string Database => _database ?? PathOf("jobs.db");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public static string ConnectionString(string path) => new SqliteConnectionStringBuilder { DataSource = path }.ToString();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }
}
