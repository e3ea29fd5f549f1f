using JobQueue.Handlers;
using JobQueue.Tenants;

namespace JobQueue.Bench.Load;

/// <summary>Takes 50 ms, and tells when the jobs of one tenant begin.</summary>
internal sealed class BenchSlowHandler : IJobHandler
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(50);

    private volatile Watch? _watch;

    public static string Type => "bench.slow";

    public static HandlerDescription Description { get; } = new("Takes 50 ms.", "{}", "{}");

    /// <summary>When the next job of the tenant begins, in ticks of <see cref="TimeProvider.System"/>.</summary>
    public Task<long> NextStartOf(TenantId tenant)
    {
        var watch = new Watch(tenant, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        _watch = watch;
        return watch.Started.Task;
    }

    public async Task<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken)
    {
        if (_watch is { } watch && context.Job.TenantId == watch.Tenant)
            watch.Started.TrySetResult(TimeProvider.System.GetTimestamp());
        await Task.Delay(Duration, TimeProvider.System, cancellationToken);
        return null;
    }

    private sealed record Watch(TenantId Tenant, TaskCompletionSource<long> Started);
}
