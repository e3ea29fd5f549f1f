using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// The operating system's locks that make one process own the database. One is on a file of its own beside it, so that it can be
/// had before there is a database; the other on the database itself, so that whoever reaches it by another name (a hard link)
/// meets it too. They go with the process, however that ends.
/// </summary>
internal sealed partial class DatabaseLock : IDisposable
{
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockElsewhere = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly DatabaseFile _database;
    private readonly FileStream _name;
    private SafeFileHandle? _file;

    private DatabaseLock(DatabaseFile database, FileStream name) => (_database, _name) = (database, name);

    /// <exception cref="DatabaseInUseException">Another process has it.</exception>
    public static DatabaseLock Take(DatabaseFile database)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new DatabaseLock(database, new FileStream(database.LockPath, options));
        }
        catch (IOException exception) when (IsConflict(exception))
        {
            throw new DatabaseInUseException(database.Path);
        }
    }

    /// <summary>Locks the database itself, once it is there. No connection of this process has it open.</summary>
    /// <exception cref="DatabaseInUseException">Another process has it by another name.</exception>
    public void TakeFile()
    {
        if (_file is not null || !File.Exists(_database.Path))
            return;
        _file = File.OpenHandle(
            _database.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (OperatingSystem.IsLinux() && !TryLock(_file))
            throw new DatabaseInUseException(_database.Path);
    }

    /// <summary>To be called when no connection is open any more: closing a file takes SQLite's own locks on it away.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _name.Dispose();
    }

    private static bool IsConflict(IOException exception) =>
        exception.HResult == (OperatingSystem.IsWindows() ? SharingViolation
            : OperatingSystem.IsLinux() ? WouldBlockOnLinux : WouldBlockElsewhere);

    /// <summary>
    /// A lock of the open file, not of the process: it stays when SQLite closes a descriptor of its own. The byte lies beyond what
    /// SQLite locks, and beyond every database.
    /// </summary>
    private static unsafe bool TryLock(SafeFileHandle file)
    {
        const int SetOpenFileLock = 37;
        var wanted = new FileLock { Type = 1, Start = 1L << 62, Length = 1 };
        if (FileControl(file, SetOpenFileLock, &wanted) == 0)
            return true;
        // A file system without such locks leaves it to the other one.
        return Marshal.GetLastPInvokeError() != WouldBlockOnLinux;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static unsafe partial int FileControl(SafeFileHandle file, int command, FileLock* argument);

    /// <summary><c>struct flock</c> of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }
}
