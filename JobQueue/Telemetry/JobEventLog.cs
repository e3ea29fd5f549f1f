using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Telemetry.Logs;

namespace JobQueue.Telemetry;

/// <summary>
/// Writes one line for each committed job event, in the order of the commits. The store waits for it when it is slow, so nothing
/// is lost.
/// </summary>
/// <remarks>
/// Not thread-safe: the feed calls its subscribers one batch after the other. The lines have the shape that the logging
/// library gives its own, and are put together without it, all of a batch for one write: see <see cref="LogFile"/>.
/// </remarks>
internal sealed class JobEventLog(LogFile file, ILogger<JobEventLog> logger) : IDisposable
{
    private const int MaxErrorCharacters = 500;
    private static readonly JsonEncodedText SourceContext = JsonEncodedText.Encode(typeof(JobEventLog).FullName!);

    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions
    {
        SkipValidation = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public void Write(IReadOnlyList<JobEvent> batch)
    {
        var (debug, information, warning) =
            (logger.IsEnabled(LogLevel.Debug), logger.IsEnabled(LogLevel.Information), logger.IsEnabled(LogLevel.Warning));
        var whole = 0;
        try
        {
            for (var index = 0; index < batch.Count; index++)
            {
                var line = JobEventLine.Of(batch[index].Kind);
                var enabled = line.Level switch { LogLevel.Debug => debug, LogLevel.Information => information, _ => warning };
                if (enabled)
                    Append(batch[index], line);
                whole = _lines.WrittenCount;
            }
        }
        finally
        {
            // Should a line fail, those before it are written, and half a line is not left for the next batch to begin with.
            if (whole > 0)
                file.Write(_lines.WrittenMemory[..whole]);
            _lines.ResetWrittenCount();
        }
    }

    public void Dispose() => _json.Dispose();

    private void Append(JobEvent happened, JobEventLine line)
    {
        var trace = line.IsAboutJob ? happened.Trace.TraceId.ToHexString() : null;
        _json.Reset(_lines);
        _json.WriteStartObject();
        WriteTime("@t"u8, happened.At);
        _json.WriteString("@mt"u8, line.Template);
        if (line.Level != LogLevel.Information)
            _json.WriteString("@l"u8, line.LevelName);
        if (trace is not null)
            _json.WriteString("@tr"u8, trace);
        _json.WriteStartObject("EventId"u8);
        _json.WriteNumber("Id"u8, line.Id);
        _json.WriteString("Name"u8, line.Name);
        _json.WriteEndObject();
        _json.WriteString("SourceContext"u8, SourceContext);
        if (trace is not null)
        {
            _json.WriteString("JobId"u8, happened.JobId.Value);
            _json.WriteString("TraceId"u8, trace);
            _json.WriteString("Type"u8, happened.Type);
        }

        _json.WriteString("Tenant"u8, happened.Tenant);
        _json.WriteString("Queue"u8, happened.Queue);
        AppendDetails(happened);
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
    }

    private void AppendDetails(JobEvent happened)
    {
        if (happened.Attempt > 0)
            _json.WriteNumber("Attempt"u8, happened.Attempt);
        if (happened.Worker is { } worker)
            _json.WriteString("Worker"u8, worker);
        if (happened.Actor is { } actor)
            _json.WriteString("Actor"u8, actor);
        if (happened.Reason is { } reason)
            _json.WriteString("Reason"u8, QueueMetrics.SnakeCase(reason.ToString()));
        if (happened.Wait is { } wait)
            _json.WriteNumber("WaitSeconds"u8, wait.TotalSeconds);
        if (happened.Duration is { } duration)
            _json.WriteNumber("DurationSeconds"u8, duration.TotalSeconds);
        if (happened.Target is { } target)
            _json.WriteString("Target"u8, target);
        if (happened.RunAt is { } runAt)
            WriteTime("RunAt"u8, runAt);
        if (happened.Error is { } error)
        {
            if (error.Type is { } type)
                _json.WriteString("ErrorType"u8, type);
            _json.WriteString("ErrorMessage"u8, JobText.Start(error.Message, MaxErrorCharacters));
        }
    }

    /// <summary>As the logging library writes times: always as long, so that lines sort by them as text.</summary>
    private void WriteTime(ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte["2026-01-31T12:00:00.0000000Z".Length];
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        _json.WriteString(name, text);
    }
}
