using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;

namespace JobQueue.Workers.Held;

/// <summary>
/// Brings outcomes to disk behind the slots' backs: a slot takes its next job while the commit of its last one is under way.
/// Bounded and tracked, so that a stop can wait for all of them. Thread-safe.
/// </summary>
internal sealed class Settlements(
    IJobLeases store, HeldJobs held, ReportWriter reports, TimeProvider time, ILogger<Settlements> logger) : IDisposable
{
    private const int MaxUnderWay = 1_024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _room = new(MaxUnderWay, MaxUnderWay);

    // Obeys no stop token but its own deadline: what a handler has done must reach the disk also while the server stops.
    private readonly CancellationTokenSource _deadline = new();

    /// <summary>
    /// Settles an attempt that its caller has ended. Returns at once, or when there is room; does not wait for the commit.
    /// </summary>
    public async ValueTask StartAsync(HeldJob job, JobOutcome outcome)
    {
        await store.RoomAsync(CancellationToken.None);
        await _room.WaitAsync(CancellationToken.None);
        _ = SettleAsync(job, outcome);
    }

    /// <summary>Hands back a job that was not started, nothing counted. Nothing happens when it has ended otherwise.</summary>
    public ValueTask HandBackAsync(HeldJob job) =>
        job.TryEnd() ? StartAsync(job, new JobOutcome.Released()) : ValueTask.CompletedTask;

    /// <summary>Waits until all that was started is settled, or gives up on the rest. Nothing may be started afterwards.</summary>
    public async Task DrainAsync(TimeSpan deadline)
    {
        await using var timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), _deadline, deadline, Timeout.InfiniteTimeSpan);
        try
        {
            for (var i = 0; i < MaxUnderWay; i++)
                await _room.WaitAsync(_deadline.Token);
        }
        catch (OperationCanceledException)
        {
            WorkersLog.SettlementsAbandoned(logger, deadline.TotalSeconds);
        }
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _room.Dispose();
    }

    private async Task SettleAsync(HeldJob job, JobOutcome outcome)
    {
        try
        {
            if (job.StopReason == StopReason.LeaseLost || !await WriteAsync(job, outcome))
                WorkersLog.LeaseLost(logger, job.Job.Id, job.Job.Attempts);
        }
        catch (Exception exception)
        {
            WorkersLog.NotSettled(logger, exception, job.Job.Id, job.Job.Attempts);
        }
        finally
        {
            held.Remove(job);
            _room.Release();
        }
    }

    private async ValueTask<bool> WriteAsync(HeldJob job, JobOutcome outcome)
    {
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var (lives, last) = await reports.FlushToLastAsync(job, _deadline.Token);
                return lives
                    && await store.SettleAsync(job.Token, scope: null, outcome with { Report = last }, _deadline.Token) == SettleResult.Settled;
            }
            catch (Exception exception) when (exception is StoreOverloadedException or StoreUnavailableException or DiskFullException)
            {
                // The lease is kept alive meanwhile: better late than done twice.
                await Task.Delay(pause, time, _deadline.Token);
            }
        }
    }
}
