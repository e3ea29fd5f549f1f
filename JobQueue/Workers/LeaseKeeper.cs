using JobQueue.Jobs;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers;

/// <summary>Keeps the leases of this process alive, all in one write, three times in a lease.</summary>
internal sealed class LeaseKeeper(
    IJobLeases store, HeldJobs held, TimeProvider time, IOptions<WorkersOptions> options, ILogger<LeaseKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        using var timer = new PeriodicTimer(duration / 3, time);
        while (await timer.NextAsync(stoppingToken))
        {
            try
            {
                await ExtendAsync(duration, stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                WorkersLog.ExtendFailed(logger, exception, timer.Period.TotalSeconds);
            }
        }
    }

    private async Task ExtendAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var leases = held.All.Select(job => job.Token).ToArray();
        if (leases.Length == 0)
            return;
        foreach (var lost in await store.ExtendAsync(leases, duration, cancellationToken))
            held.Lose(lost);
    }
}
