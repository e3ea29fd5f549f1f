namespace JobQueue.Workers.Housekeeping;

internal static class Ticking
{
    /// <summary>Waits for the next tick; <see langword="false"/>, instead of an exception, when the service stops.</summary>
    public static async ValueTask<bool> NextAsync(this PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
