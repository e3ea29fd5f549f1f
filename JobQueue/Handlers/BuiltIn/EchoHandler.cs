using JobQueue.Jobs.Model;

namespace JobQueue.Handlers.BuiltIn;

/// <summary>Answers with its payload, byte for byte.</summary>
internal sealed class EchoHandler : IJobHandler<RawJson>
{
    public static string Type => "echo";

    public static string Summary => "Ends at once with its payload as the result.";

    public static RawJson Example { get; } = new("""{"hello":"world"}"""u8.ToArray());

    public Task<object?> RunAsync(RawJson payload, JobContext context, CancellationToken cancellationToken) => Task.FromResult<object?>(payload);
}
