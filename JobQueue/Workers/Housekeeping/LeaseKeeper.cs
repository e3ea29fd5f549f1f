using JobQueue.Jobs.Store;
using JobQueue.Workers.Held;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers.Housekeeping;

/// <summary>Keeps the leases of this process alive, all in one write, three times in a lease.</summary>
internal sealed class LeaseKeeper(
    IJobLeases store, HeldJobs held, TimeProvider time, IOptions<WorkersOptions> options, ILogger<LeaseKeeper> logger) : BackgroundService
{
    private readonly TimeSpan _duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    // It runs from the start, not from whenever the thread pool gets to this service: leases are given out meanwhile.
    private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(options.Value.LeaseSeconds) / 3, time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.NextAsync(stoppingToken))
        {
            try
            {
                await ExtendAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                WorkersLog.ExtendFailed(logger, exception, _timer.Period.TotalSeconds);
            }
        }
    }

    private async Task ExtendAsync(CancellationToken cancellationToken)
    {
        var leases = held.All.Select(job => job.Token).ToArray();
        if (leases.Length == 0)
            return;
        foreach (var lost in await store.ExtendAsync(leases, _duration, cancellationToken))
            held.Lose(lost);
    }
}
