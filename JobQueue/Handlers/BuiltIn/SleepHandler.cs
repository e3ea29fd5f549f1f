namespace JobQueue.Handlers.BuiltIn;

/// <summary>Takes time and does nothing else.</summary>
internal sealed class SleepHandler(TimeProvider time) : IJobHandler<SleepPayload>
{
    public static string Type => "sleep";

    public static string Summary => "Waits for some seconds, shows its progress, and stops when it is cancelled.";

    public static SleepPayload Example => new(Seconds: 5, Steps: 10);

    public async Task<object?> RunAsync(SleepPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (payload.Seconds > 0)
            await SleepAsync(context, TimeSpan.FromSeconds(payload.Seconds), payload.Steps ?? SleepPayload.DefaultSteps, cancellationToken);
        return new SleepResult(payload.Seconds);
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
