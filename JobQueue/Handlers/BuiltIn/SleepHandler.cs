using System.Text.Json;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Takes time and does nothing else.</summary>
internal sealed class SleepHandler(TimeProvider time) : IJobHandler
{
    private const double MaxSeconds = 86_400;
    private const int MaxSteps = 1_000;
    private const int DefaultSteps = 10;

    public static string Type => "sleep";

    public static HandlerDescription Description { get; } = new(
        "Waits for some seconds, shows its progress, and stops when it is cancelled.",
        """
        {
          "type": "object",
          "properties": {
            "seconds": { "type": "number", "minimum": 0, "maximum": 86400 },
            "steps": { "type": "integer", "minimum": 1, "maximum": 1000, "default": 10, "description": "How often progress is reported." }
          },
          "required": ["seconds"],
          "additionalProperties": false
        }
        """,
        """{"seconds":5,"steps":10}""");

    public async Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var payload = context.Payload(BuiltInJson.Default.SleepPayload);
        if (payload.Seconds is not (>= 0 and <= MaxSeconds))
            throw new PermanentJobException($"The payload does not fit the type sleep: seconds must be from 0 to {MaxSeconds}.");
        if (payload.Steps is < 1 or > MaxSteps)
            throw new PermanentJobException($"The payload does not fit the type sleep: steps must be from 1 to {MaxSteps}.");

        var total = TimeSpan.FromSeconds(payload.Seconds);
        if (total > TimeSpan.Zero)
            await SleepAsync(context, total, payload.Steps ?? DefaultSteps, cancellationToken);
        return JsonSerializer.SerializeToUtf8Bytes(new SleepResult(payload.Seconds), BuiltInJson.Default.SleepResult);
    }

    private async Task SleepAsync(JobContext context, TimeSpan total, int steps, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var step = 1; step <= steps; step++)
        {
            // Each step is counted from the start, so that late timers do not add up.
            var left = (total * step / steps) - time.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
                await Task.Delay(left, time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            await context.ReportProgressAsync(100.0 * step / steps, $"step {step} of {steps}");
        }
    }
}
