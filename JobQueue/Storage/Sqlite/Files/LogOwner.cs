using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// Tells whether the write-ahead log that lies beside a database is its own. SQLite cannot: it would apply the log of one
/// database to another, such as to a backup that was copied over the database of a server that was killed.
/// </summary>
/// <remarks>
/// Each run of a server signs the database: two numbers in its header that applications are free to use, <c>user_version</c>, the
/// run, and <c>application_id</c>, the run before it. The first log of a run holds the header, and so does each in which the
/// database grew. A log is refused whose header shows another run than the database's own header, read without the log. When a
/// run begins these differ rightly, but only while the log holds nothing but the signature. A copy made by SQLite itself
/// (<c>VACUUM INTO</c>, <c>.backup</c>) shows the same run as its origin, but another count of changes to the schema: higher by
/// one, or begun anew. A plain copy of the file of a running server cannot be told from it; such a copy is no backup anyway.
/// </remarks>
internal static class LogOwner
{
    private const int HeaderSize = 100;
    private const int SchemaOffset = 40;
    private const int RunOffset = 60;
    private const int PageSizeOffset = 16;
    private const int LogHeaderSize = 32;
    private const int FrameHeaderSize = 24;

    /// <summary>What <c>.backup</c> leaves as the count of changes to the schema in a new file. Ours begin at 0 and have dozens.</summary>
    private const int SchemaOfBackup = 1;

    /// <summary>Whether the log holds anything.</summary>
    public static bool HasLog(DatabaseFile database) => new FileInfo(database.LogPath) is { Exists: true, Length: > LogHeaderSize };

    /// <param name="database">Nobody in this process has it open.</param>
    /// <returns>What its header says without the log; <see langword="null"/> of an empty file.</returns>
    public static (int Run, int Schema, int PageSize)? ReadHeader(DatabaseFile database)
    {
        var header = new byte[HeaderSize];
        using var file = File.OpenHandle(database.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (RandomAccess.Read(file, header, 0) < HeaderSize)
            return null;
        return (Read(header, RunOffset), Read(header, SchemaOffset), BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(PageSizeOffset)));
    }

    /// <param name="database">It has a log.</param>
    /// <param name="header">The database's, without the log.</param>
    /// <param name="connection">Sees the database with the log.</param>
    /// <exception cref="DatabaseRefusedException">The log is not the database's own.</exception>
    public static void Check(DatabaseFile database, (int Run, int Schema, int PageSize)? header, SqliteConnection connection)
    {
        var (run, before, schema) = (Pragma(connection, "user_version"), Pragma(connection, "application_id"), Pragma(connection, "schema_version"));
        var isOwn = header is { } own
            && (own.Run == run
                ? schema >= own.Schema && own.Schema != SchemaOfBackup
                : own.Run == before && new FileInfo(database.LogPath).Length <= LogHeaderSize + FrameHeaderSize + own.PageSize);
        if (!isOwn)
            throw Foreign(database);
    }

    public static DatabaseRefusedException Foreign(DatabaseFile database) => new(
        database.Path,
        $"{database.LogPath}, which lies beside it, belongs to another database or to another state of this one. "
        + "If this one was restored from a backup, move that file away; if not, put the database back that it belongs to.");

    /// <summary>Signs the database for this run. To be called by its owner, before anything else is written.</summary>
    public static void Sign(SqliteConnection connection)
    {
        // What an earlier run left goes into the database first. Somebody who reads may prevent that: then its signature stays.
        _ = raw.sqlite3_busy_timeout(connection.Handle, 0);
        var moved = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        _ = raw.sqlite3_busy_timeout(connection.Handle, SqliteConnections.BusyTimeout);
        if (moved != raw.SQLITE_OK)
            return;
        var (before, run) = (Pragma(connection, "user_version"), RandomNumberGenerator.GetInt32(1, int.MaxValue));
        SqliteConnections.Run(connection, string.Create(
            CultureInfo.InvariantCulture,
            $"BEGIN IMMEDIATE; PRAGMA application_id = {before}; PRAGMA user_version = {run}; COMMIT; PRAGMA wal_checkpoint(PASSIVE);"));
    }

    private static int Read(byte[] header, int offset) => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(offset));

    private static long Pragma(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return (long)command.ExecuteScalar()!;
    }
}
