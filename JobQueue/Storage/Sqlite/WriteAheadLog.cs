using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Microsoft.Win32.SafeHandles;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// SQLite's write-ahead log as a file that can be flushed beside SQLite: what makes commits durable here, since SQLite's own
/// flush (<c>synchronous=FULL</c>) would hold up the writer. To be opened after the connection has read once, and closed before it.
/// </summary>
internal sealed class WriteAheadLog : IDisposable
{
    private readonly SafeFileHandle _file;

    public WriteAheadLog(SqliteConnection connection)
    {
        var path = raw.sqlite3_db_filename(connection.Handle, "main").utf8_to_string() + "-wal";
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Returns when all that was committed before is on the disk.</summary>
    /// <exception cref="IOException">The disk failed: nobody knows what is on it.</exception>
    public void Flush()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_file);
            return;
        }

        // As SQLite does itself. .NET has only fsync, which also writes the file's time: a second write to the disk.
        if (FlushData(_file) != 0)
            throw new IOException($"The write-ahead log could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public void Dispose() => _file.Dispose();

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FlushData(SafeFileHandle file);
}
