using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace JobQueue.Telemetry;

/// <summary>Everything but job events on its way into the log file, as compact JSON (CLEF).</summary>
internal sealed class LogFileSink(LogFile file) : ILogEventSink
{
    private readonly CompactJsonFormatter _formatter = new();

    public void Emit(LogEvent logEvent)
    {
        using var text = new StringWriter();
        text.NewLine = "\n";
        _formatter.Format(logEvent, text);
        file.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
