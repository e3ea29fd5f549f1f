using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>What an error of the writer's transaction means.</summary>
internal static class WriteErrors
{
    /// <summary>After a failed flush nobody knows what is on disk: only a restart, which reads it, can tell.</summary>
    public static bool IsFatal(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } or BoardMismatchException;

    public static Exception Translate(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_FULL }
            ? new DiskFullException("The disk is full. Free some space; what is stored is safe.")
            : exception;
}
