using System.Text.Json;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Fails on purpose, to show retries and the dead letter queue.</summary>
internal sealed class FailHandler : IJobHandler
{
    private const string DefaultMessage = "This job fails on purpose.";

    public static string Type => "fail";

    public static HandlerDescription Description { get; } = new(
        "Fails its first attempts, or always, to show retries and the dead letter queue.",
        """
        {
          "type": "object",
          "properties": {
            "message": { "type": "string" },
            "times": { "type": "integer", "minimum": 0, "description": "How many attempts fail; all of them when absent." },
            "permanent": { "type": "boolean", "default": false, "description": "Whether the failure goes to the dead letter queue at once." }
          },
          "additionalProperties": false
        }
        """,
        """{"message":"out of paper","times":2}""");

    public Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        var payload = context.Payload(BuiltInJson.Default.FailPayload);
        if (payload.Times < 0)
            throw new PermanentJobException("The payload does not fit the type fail: times must not be negative.");
        if (payload.Times is { } times && context.Attempt > times)
        {
            return Task.FromResult<ReadOnlyMemory<byte>?>(
                JsonSerializer.SerializeToUtf8Bytes(new FailResult(times), BuiltInJson.Default.FailResult));
        }

        var message = payload.Message ?? DefaultMessage;
        throw payload.Permanent ? new PermanentJobException(message) : new DeliberateFailureException(message);
    }
}
