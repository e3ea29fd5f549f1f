using System.Threading.Channels;

namespace JobQueue.Storage.Postgres;

/// <summary>
/// Has everybody look again who keeps in memory what other processes may change: when one of them says so, when what they say may have been
/// missed, and now and then in any case.
/// </summary>
internal sealed partial class MemoryRefresher(IServiceProvider services, TimeProvider time, ILogger<MemoryRefresher> logger) : BackgroundService
{
    private static readonly TimeSpan NowAndThen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Another process may have changed something. From any thread; whoever asks while others look has them look once more.</summary>
    public void Ask() => _asked.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = time.CreateTimer(_ => Ask(), null, NowAndThen, NowAndThen);
        try
        {
            while (await _asked.Reader.ReadAsync(stoppingToken))
            {
                while (!await LookAsync(stoppingToken))
                    await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    /// <returns>False when somebody may still remember what is not so any more.</returns>
    private async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var memory in services.GetServices<IRemembers>())
                await memory.LookAgainAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotRefreshed(logger, exception);
            return false;
        }
    }

    [LoggerMessage(2030, LogLevel.Warning, "What other processes changed could not be read; it is tried again")]
    private static partial void LogNotRefreshed(ILogger logger, Exception exception);
}
