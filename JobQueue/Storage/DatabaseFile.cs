using Microsoft.Data.Sqlite;

namespace JobQueue.Storage;

/// <summary>Where the SQLite database lies; everything that belongs to it lies beside it.</summary>
/// <param name="Path">Absolute, without links: whoever reaches the file by another name means the same one.</param>
public sealed record DatabaseFile(string Path)
{
    /// <summary>What a connection string may say, for error messages.</summary>
    public const string Allowed =
        "\"Data Source=\" and the plain path of a file, such as \"Data Source=jobs.db\"; no file: address, no |DataDirectory|, nothing in memory, shared or read-only";

    private const int MaxLinks = 40;

    public string Directory => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Locked by the one server process that owns the database.</summary>
    public string LockPath => Path + ".lock";

    /// <summary>The write-ahead log: what is committed and not yet in the database.</summary>
    public string LogPath => Path + "-wal";

    /// <exception cref="InvalidOperationException">The connection string names no file, or not by its path.</exception>
    public static DatabaseFile From(string connectionString)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString);
        var isFile = !string.IsNullOrWhiteSpace(settings.DataSource)
            && settings.DataSource != ":memory:"
            && !settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            && !settings.DataSource.StartsWith("|DataDirectory|", StringComparison.OrdinalIgnoreCase)
            && settings.Mode is SqliteOpenMode.ReadWriteCreate or SqliteOpenMode.ReadWrite
            && settings.Cache != SqliteCacheMode.Shared
            && string.IsNullOrEmpty(settings.Vfs);
        return isFile
            ? new DatabaseFile(WithoutLinks(System.IO.Path.GetFullPath(settings.DataSource), links: 0))
            : throw new InvalidOperationException($"ConnectionStrings:JobQueue names no database. Allowed: {Allowed}.");
    }

    /// <summary>The same connection string with the path in full.</summary>
    public string Resolve(string connectionString) => new SqliteConnectionStringBuilder(connectionString) { DataSource = Path }.ToString();

    /// <summary>Follows links in every part of the path; what does not exist yet is no link.</summary>
    private static string WithoutLinks(string path, int links)
    {
        if (links > MaxLinks)
            throw new InvalidOperationException($"{path} is a link that leads to itself.");
        if (System.IO.Path.GetDirectoryName(path) is not { } folder)
            return path;
        var parent = WithoutLinks(folder, links);
        var real = System.IO.Path.Combine(parent, System.IO.Path.GetFileName(path));
        return new FileInfo(real).LinkTarget is { } target ? WithoutLinks(System.IO.Path.GetFullPath(target, parent), links + 1) : real;
    }
}
