using JobQueue.Jobs.Store;

namespace JobQueue.Workers.Housekeeping;

/// <summary>Takes back, once a second, the leases that ran out: their workers are dead or cut off.</summary>
internal sealed class LeaseReaper(IJobStore store, TimeProvider time, ILogger<LeaseReaper> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.NextAsync(stoppingToken))
        {
            try
            {
                await store.ReapAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                WorkersLog.ReapFailed(logger, exception);
            }
        }
    }
}
