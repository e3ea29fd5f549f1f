using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// Copies a database as it is at one moment, by SQLite's own backup (https://sqlite.org/backup.html): page by page, so the copy
/// takes as long as reading the file does. While it lasts the log of a server cannot begin anew.
/// </summary>
internal static class DatabaseCopy
{
    /// <summary>64 MB, between which it can be broken off.</summary>
    private const int PagesAtOnce = 16_384;

    /// <param name="source">Without a transaction.</param>
    /// <param name="path">A new file, of the owner alone. It is on the disk afterwards, with nothing beside it.</param>
    public static void Make(SqliteConnection source, string path, CancellationToken cancellationToken)
    {
        CreateOwnerOnly(path);
        using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()))
        {
            copy.Open();
            // Without a transaction of its own the copying would begin again whenever somebody commits.
            using (source.BeginTransaction(deferred: true))
            {
                SqliteConnections.Run(source, "SELECT count(*) FROM sqlite_schema");
                CopyPages(source, copy, cancellationToken);
            }

            // A file alone, for any reader; and no log is its own.
            SqliteConnections.Run(copy, "PRAGMA journal_mode = DELETE; PRAGMA user_version = 0; PRAGMA application_id = 0");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Flush(flushToDisk: true);
    }

    private static void CopyPages(SqliteConnection source, SqliteConnection copy, CancellationToken cancellationToken)
    {
        using var backup = raw.sqlite3_backup_init(copy.Handle, "main", source.Handle, "main");
        if (backup.IsInvalid)
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(copy.Handle), copy.Handle);
        int result;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            result = raw.sqlite3_backup_step(backup, PagesAtOnce);
        }
        while (result == raw.SQLITE_OK);
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, copy.Handle);
    }

    private static void CreateOwnerOnly(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }
}
