using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;

namespace JobQueue.Telemetry.Logs;

/// <summary>Compact JSON (CLEF), one event a line; a batch of job events as it is. Not thread-safe: a file is written by one at a time.</summary>
internal sealed class LogFileFormatter(string directory, LogFileFallback fallback) : ITextFormatter
{
    private static readonly CompactJsonFormatter Compact = new();

    private bool _goesOn;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (_goesOn ? fallback.TakeTorn() : EndsTorn())
            output.Write('\n');
        _goesOn = true;
        FormatLines(logEvent, output);
    }

    public static void FormatLines(LogEvent logEvent, TextWriter output)
    {
        output.NewLine = "\n";
        if (logEvent.Properties.TryGetValue(Utf8Lines.Name, out var value) && value is Utf8Lines lines)
            lines.Render(output);
        else
            Compact.Format(logEvent, output);
    }

    /// <summary>A process that was killed may have left a line without an end, in the file that is gone on with.</summary>
    private bool EndsTorn()
    {
        if (LogFile.NewestIn(directory) is not { Length: > 0 } newest)
            return false;
        Span<byte> last = stackalloc byte[1];
        using var file = File.OpenHandle(newest.FullName, share: FileShare.ReadWrite | FileShare.Delete);
        return RandomAccess.Read(file, last, newest.Length - 1) == 1 && last[0] != '\n';
    }
}
