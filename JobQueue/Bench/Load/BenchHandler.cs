using JobQueue.Handlers;

namespace JobQueue.Bench.Load;

/// <summary>Does nothing, so that only the queue is measured.</summary>
internal sealed class BenchHandler() : HandlerEntry(TypeName, "Does nothing.", "{}", "{}")
{
    public const string TypeName = "bench";

    private long _lastStart;

    /// <summary>When the latest job began, in ticks of <see cref="TimeProvider.System"/>.</summary>
    public long LastStart => Volatile.Read(ref _lastStart);

    public override ValueTask<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastStart, TimeProvider.System.GetTimestamp());
        return default;
    }
}
