namespace JobQueue.Storage.Postgres.Events;

/// <summary>Deletes what nobody may come back for any more, every minute.</summary>
internal sealed partial class OutboxSweeper(Outbox outbox, TimeProvider time, ILogger<OutboxSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await outbox.TrimAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(2039, LogLevel.Warning, "Old events could not be deleted; it is tried again in a minute")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
