using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>What an error of the writer's transaction means. EF Core wraps what SQLite says, so causes are looked through.</summary>
internal static class WriteErrors
{
    /// <summary>After a failed flush nobody knows what is on disk: only a restart, which reads it, can tell.</summary>
    public static bool IsFatal(Exception exception) =>
        (CodeOf(exception) is { } code && IsFatal(code)) || Find<BoardMismatchException>(exception) is not null;

    /// <param name="code">SQLite's primary result code.</param>
    public static bool IsFatal(int code) => code is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>No write is to blame for it, so none of the batch would fare better alone.</summary>
    public static bool ConcernsAll(Exception exception) => CodeOf(exception) is raw.SQLITE_FULL || IsLocked(exception);

    /// <summary>Another program holds the write lock: this one waited for it as long as it does.</summary>
    public static bool IsLocked(Exception exception) => CodeOf(exception) is raw.SQLITE_BUSY;

    public static Exception Translate(Exception exception) => CodeOf(exception) switch
    {
        raw.SQLITE_FULL => new DiskFullException("The disk is full. Free some space; what is stored is safe."),
        raw.SQLITE_BUSY => new StoreUnavailableException(
            "Another program holds the lock of the database file, so nothing can be stored. Close it, or try again when it is done.",
            exception),
        _ => exception,
    };

    private static int? CodeOf(Exception exception) => Find<SqliteException>(exception)?.SqliteErrorCode;

    private static T? Find<T>(Exception exception)
        where T : Exception
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
                return found;
        }

        return null;
    }
}
