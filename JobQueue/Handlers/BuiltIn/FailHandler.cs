namespace JobQueue.Handlers.BuiltIn;

/// <summary>Fails on purpose, to show retries and the dead letter queue.</summary>
internal sealed class FailHandler : IJobHandler<FailPayload>
{
    private const string DefaultMessage = "This job fails on purpose.";

    public static string Type => "fail";

    public static string Summary => "Fails its first attempts, or always, to show retries and the dead letter queue.";

    public static FailPayload Example => new("out of paper", Times: 2);

    public Task<object?> RunAsync(FailPayload payload, JobContext context, CancellationToken cancellationToken)
    {
        if (payload.Times is { } times && context.Attempt > times)
            return Task.FromResult<object?>(new FailResult(times));
        var message = payload.Message ?? DefaultMessage;
        throw payload.Permanent ? new PermanentJobException(message) : new DeliberateFailureException(message);
    }
}
