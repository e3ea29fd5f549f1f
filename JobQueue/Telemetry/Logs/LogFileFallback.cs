using Serilog.Core;
using Serilog.Events;

namespace JobQueue.Telemetry.Logs;

/// <summary>
/// Where lines go that the log file cannot take, so that none is lost: standard error, after the reason. A file that cannot be
/// written is tried again at the next line, one that cannot be opened after half an hour (a rule of the library). Thread-safe.
/// </summary>
internal sealed class LogFileFallback(TextWriter output) : ILoggingFailureListener
{
    private readonly Lock _gate = new();
    private string? _lastReason;
    private bool _torn;

    public void OnLoggingFailed(
        object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
    {
        lock (_gate)
        {
            Report(message, exception);
            if (events is null)
                return;
            foreach (var logEvent in events)
                LogFileFormatter.FormatLines(logEvent, output);
            output.Flush();
            _torn = true;
        }
    }

    /// <summary>Says once why lines come here.</summary>
    public void Report(string message, Exception? exception)
    {
        var reason = exception is null ? message : $"{message}: {exception.Message}";
        lock (_gate)
        {
            if (reason == _lastReason)
                return;
            _lastReason = reason;
            output.WriteLine($"The log file: {reason}. What it does not take follows here.");
        }
    }

    /// <summary>Whether part of a line may stand at the end of the file since the last call.</summary>
    public bool TakeTorn()
    {
        if (!Volatile.Read(ref _torn))
            return false;
        lock (_gate)
            (_torn, _lastReason) = (false, null);
        return true;
    }
}
