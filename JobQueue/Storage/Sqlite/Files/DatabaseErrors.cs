using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>What keeps a database from being opened, in words that say what to do.</summary>
internal static class DatabaseErrors
{
    private const string NoSpaceLeft = "no space is left on its disk. Free some.";
    private const long LittleSpace = 1 << 20;
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;

    /// <returns><see langword="null"/> for what is no fault of the file or its disk.</returns>
    public static DatabaseRefusedException? Refusal(DatabaseFile database, Exception? exception) => exception switch
    {
        null or DatabaseRefusedException => null,
        SqliteException sqlite => new DatabaseRefusedException(database.Path, Why(database, sqlite), exception),
        UnauthorizedAccessException => new DatabaseRefusedException(
            database.Path, $"{exception.Message} The user that runs this program needs the right to write the file and its folder.", exception),
        IOException { HResult: NoSpace } => new DatabaseRefusedException(database.Path, NoSpaceLeft, exception),
        IOException { HResult: ReadOnlyFileSystem } => new DatabaseRefusedException(
            database.Path, "it lies on a read-only file system. Give it a folder that may be written.", exception),
        IOException => new DatabaseRefusedException(database.Path, exception.Message, exception),
        _ => Refusal(database, exception.InnerException),
    };

    private static string Why(DatabaseFile database, SqliteException exception) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "it is no database, or its beginning is damaged. Restore a backup, or name another file.",
        raw.SQLITE_CORRUPT => "it is damaged. Restore a backup.",
        raw.SQLITE_FULL => NoSpaceLeft,
        // The memory that connections share beside the log is a file too, and SQLite has no word for a full disk there.
        raw.SQLITE_IOERR when new DriveInfo(database.Directory).AvailableFreeSpace < LittleSpace => NoSpaceLeft,
        raw.SQLITE_READONLY =>
            $"it may not be written. The user that runs this program needs the right to write the file, {database.LogPath} and the folder.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM =>
            $"it or {database.LogPath} cannot be opened. The user that runs this program needs the right to write both, and the folder.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program holds it locked. Close what has it open, such as a database shell.",
        raw.SQLITE_IOERR => $"its disk answers with an error ({exception.Message})",
        _ => exception.Message,
    };
}
