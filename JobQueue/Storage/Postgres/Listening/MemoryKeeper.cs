using System.Threading.Channels;

namespace JobQueue.Storage.Postgres.Listening;

/// <summary>
/// Lets everyone look again at what they remember of the database when another process has changed it, or may have: a token that was
/// revoked elsewhere is refused here at once.
/// </summary>
internal sealed partial class MemoryKeeper(
    NoticeListener listener, IEnumerable<IRemembers> memories, ILogger<MemoryKeeper> logger) : BackgroundService
{
    /// <summary>Until what failed is tried again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hearing = listener.Subscribe(notice =>
        {
            if (notice is not { Configuration: false })
                _signal.Writer.TryWrite(true);
        });
        // What was remembered before somebody listened here.
        _signal.Writer.TryWrite(true);
        var failed = false;
        while (true)
        {
            await _signal.Reader.ReadAsync(stoppingToken);
            try
            {
                foreach (var memory in memories)
                    await memory.LookAgainAsync(stoppingToken);
                failed = false;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (!failed)
                    LogFailed(logger, exception);
                failed = true;
                _signal.Writer.TryWrite(true);
                await Task.Delay(Pause, TimeProvider.System, stoppingToken);
            }
        }
    }

    [LoggerMessage(2038, LogLevel.Warning, "What another process changed could not be looked at; it is tried again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
