using Microsoft.Data.Sqlite;

namespace JobQueue.Storage;

/// <summary>Where the SQLite database lies; everything that belongs to it lies beside it.</summary>
/// <param name="Path">Absolute.</param>
public sealed record DatabaseFile(string Path)
{
    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Locked by the one server process that owns the database.</summary>
    public string LockPath => Path + ".lock";

    /// <exception cref="InvalidOperationException">The connection string names no file.</exception>
    public static DatabaseFile From(string connectionString)
    {
        var source = new SqliteConnectionStringBuilder(connectionString).DataSource;
        return string.IsNullOrWhiteSpace(source) || source == ":memory:"
            ? throw new InvalidOperationException(
                "ConnectionStrings:JobQueue names no file. Allowed: \"Data Source=\" and a path, such as \"Data Source=jobs.db\".")
            : new DatabaseFile(System.IO.Path.GetFullPath(source));
    }
}
