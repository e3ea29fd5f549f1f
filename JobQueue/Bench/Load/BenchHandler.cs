using JobQueue.Handlers;

namespace JobQueue.Bench.Load;

/// <summary>Does nothing, so that only the queue is measured.</summary>
internal sealed class BenchHandler : IJobHandler
{
    private static readonly Task<ReadOnlyMemory<byte>?> Nothing = Task.FromResult<ReadOnlyMemory<byte>?>(null);

    private long _lastStart;

    public static string Type => "bench";

    public static HandlerDescription Description { get; } = new("Does nothing.", "{}", "{}");

    /// <summary>When the latest job began, in ticks of <see cref="TimeProvider.System"/>.</summary>
    public long LastStart => Volatile.Read(ref _lastStart);

    public Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastStart, TimeProvider.System.GetTimestamp());
        return Nothing;
    }
}
