using JobQueue.Handlers;
using JobQueue.Tenants;

namespace JobQueue.Bench.Load;

/// <summary>Takes 50 ms, and tells when the jobs of one tenant begin.</summary>
internal sealed class BenchSlowHandler() : HandlerEntry(TypeName, "Takes 50 ms.", "{}", "{}")
{
    public const string TypeName = "bench.slow";

    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(50);

    private volatile Watch? _watch;

    /// <summary>When the next job of the tenant begins, in ticks of <see cref="TimeProvider.System"/>.</summary>
    public Task<long> NextStartOf(TenantId tenant)
    {
        var watch = new Watch(tenant, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        _watch = watch;
        return watch.Started.Task;
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (_watch is { } watch && context.Job.TenantId == watch.Tenant)
            watch.Started.TrySetResult(TimeProvider.System.GetTimestamp());
        await Task.Delay(Duration, TimeProvider.System, cancellationToken);
        return null;
    }

    private sealed record Watch(TenantId Tenant, TaskCompletionSource<long> Started);
}
