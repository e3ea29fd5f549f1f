using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace JobQueue.Telemetry.Logs;

/// <summary>
/// The log files <c>jobqueue-&lt;date&gt;.log</c>: a new one every day (of the machine's time zone) and whenever one has grown too
/// large, the last 14 are kept. Thread-safe. A write ends when the operating system has the lines, so a slow disk slows its
/// caller. What the file cannot take goes to standard error: see <see cref="LogFileFallback"/>.
/// </summary>
/// <remarks>
/// <para>The lines of a committed batch of job events are one event of the logging library, with their text made beforehand: measured
/// under <c>bench --only store</c> about 1 µs of CPU an event in batches of 100, against 3.9 µs when each is an event of the library.</para>
/// <para>Not buffered, so that a killed process loses no line. Shared, as a second process in the same folder also logs, if only that
/// it refuses to start; otherwise each would write over the other's lines. A tool that cuts the file is fine too. Sharing takes a
/// mutex with a name, which lives below /tmp: where that is read-only, as in a container, the file is this process's alone.</para>
/// </remarks>
internal sealed class LogFile : IDisposable
{
    public const int FilesKept = 14;

    private static readonly MessageTemplate JobEvents = new MessageTemplateParser().Parse("Job events");

    private readonly LogWriteback? _writeback;
    private readonly Logger _logger;
    private readonly LogFileFallback _fallback;
    private readonly TimeProvider _time;

    public LogFile(IOptions<LogsOptions> options, LogFileFallback fallback, TimeProvider time)
    {
        (_fallback, _time) = (fallback, time);
        var directory = Path.GetFullPath(options.Value.Directory);
        _logger = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Fallible(
                sink => sink.File(
                    new LogFileFormatter(directory, fallback),
                    Path.Combine(directory, "jobqueue-.log"),
                    rollingInterval: RollingInterval.Day,
                    rollOnFileSizeLimit: true,
                    fileSizeLimitBytes: options.Value.MaxFileMegabytes * 1024L * 1024L,
                    retainedFileCountLimit: FilesKept,
                    shared: CanShare()),
                fallback)
            .CreateLogger();
        _writeback = OperatingSystem.IsLinux() ? new LogWriteback(directory) : null;
    }

    /// <summary>For everything but job events.</summary>
    public Serilog.ILogger Lines => _logger;

    /// <summary>Appends whole lines of UTF-8, each with its line feed. They are not looked at any more afterwards.</summary>
    public void Write(ReadOnlyMemory<byte> lines)
    {
        _logger.Write(new LogEvent(
            _time.GetUtcNow(), LogEventLevel.Information, exception: null, JobEvents, [new LogEventProperty(Utf8Lines.Name, new Utf8Lines(lines))]));
        _writeback?.Written(lines.Length);
    }

    /// <summary>The file that is written to, once there is one.</summary>
    public static FileInfo? NewestIn(string directory) =>
        new DirectoryInfo(directory).GetFiles("jobqueue-*.log").MaxBy(file => file.LastWriteTimeUtc);

    private static bool CanShare()
    {
        try
        {
            new Mutex(initiallyOwned: false, "jobqueue-log").Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _writeback?.Dispose();
        try
        {
            _logger.Dispose();
        }
        catch (IOException exception)
        {
            _fallback.Report("it could not be closed", exception);
        }
    }
}
