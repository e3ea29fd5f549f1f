namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// The operating system's lock that makes one process own the database. It is on a file of its own: a second handle on the
/// database itself would, when closed, drop SQLite's own locks. It goes with the process, however that ends.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream _file;

    private DatabaseLock(FileStream file) => _file = file;

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
            return new DatabaseLock(new FileStream(database.LockPath, options));
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new DatabaseInUseException(database.Path);
        }
    }

    public void Dispose() => _file.Dispose();
}
