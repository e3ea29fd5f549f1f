using JobQueue.Jobs;
using JobQueue.Jobs.Store;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers.Housekeeping;

/// <summary>Deletes what is past its retention, at the start and every hour, in slices with pauses for other writes.</summary>
internal sealed class RetentionSweeper(
    IJobStore store, TimeProvider time, IOptions<RetentionOptions> options, ILogger<RetentionSweeper> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                WorkersLog.SweepFailed(logger, exception);
            }
        }
        while (await timer.NextAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var cutoffs = options.Value.CutoffsAt(time.GetUtcNow());
        var total = 0;
        SweepResult slice;
        while ((slice = await store.SweepAsync(cutoffs, cancellationToken)).More)
        {
            total += slice.Deleted;
            await Task.Delay(Pause, time, cancellationToken);
        }

        total += slice.Deleted;
        if (total > 0)
            WorkersLog.Swept(logger, total);
    }
}
