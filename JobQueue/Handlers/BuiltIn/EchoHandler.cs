namespace JobQueue.Handlers.BuiltIn;

/// <summary>Answers with its payload.</summary>
internal sealed class EchoHandler : IJobHandler
{
    public static string Type => "echo";

    public static HandlerDescription Description { get; } = new(
        "Ends at once with its payload as the result.", "{}", """{"hello":"world"}""");

    public Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>?>(context.Job.Payload);
}
