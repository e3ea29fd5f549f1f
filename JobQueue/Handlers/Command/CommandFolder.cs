namespace JobQueue.Handlers.Command;

/// <summary>The working directory of one run, its own and its owner's alone; gone with all that is in it when the run is over.</summary>
internal sealed partial class CommandFolder : IDisposable
{
    private const string Prefix = "jobqueue-command-";

    private readonly ILogger _logger;

    /// <exception cref="IOException">None can be made.</exception>
    public CommandFolder(ILogger logger)
    {
        _logger = logger;
        try
        {
            Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Where only the program's own folder may be written, that is where it works.
            if (TryCreateHere() is { } here)
            {
                Path = here;
                return;
            }

            throw new IOException(
                $"No working directory for the command could be made in {System.IO.Path.GetTempPath()}: {exception.Message} The variable TMPDIR names another place.",
                exception);
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogLeft(_logger, Path, exception.Message);
        }
    }

    private static string? TryCreateHere()
    {
        try
        {
            var path = System.IO.Path.GetFullPath($"{Prefix}{Guid.NewGuid():N}");
            return (OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(3060, LogLevel.Warning, "The working directory {Path} of a command could not be removed: {Reason}")]
    private static partial void LogLeft(ILogger logger, string path, string reason);
}
