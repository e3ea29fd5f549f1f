using JobQueue.Tenants;

namespace JobQueue.Dashboard.Live;

/// <summary>One open page, which hears what changes. While it is busy with a notice, further ones are put together for its next turn.</summary>
internal sealed partial class LiveSubscription(
    LiveRefresh owner, TenantId? scope, Func<LiveChanges, Task> onChanges, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private LiveChanges? _waiting;
    private bool _busy;
    private bool _disposed;

    public TenantId? Scope => scope;

    /// <summary>Ends when the page has been told all that it was to hear so far.</summary>
    public Task Told { get; private set; } = Task.CompletedTask;

    public void Tell(LiveChanges changes)
    {
        lock (_lock)
        {
            _waiting = _waiting?.And(changes) ?? changes;
            if (_busy || _disposed)
                return;
            _busy = true;
            Told = Task.Run(DeliverAsync);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _waiting = null;
        }

        owner.Remove(this);
    }

    private async Task DeliverAsync()
    {
        while (true)
        {
            LiveChanges changes;
            lock (_lock)
            {
                if (_waiting is null || _disposed)
                {
                    _busy = false;
                    return;
                }

                (changes, _waiting) = (_waiting, null);
            }

            try
            {
                await onChanges(changes);
            }
            catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
            {
                // The page was closed while it was told: nobody is left to be told more.
                Dispose();
            }
            catch (Exception exception)
            {
                // One page's failure must not silence the others, or itself for good.
                LogFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(5101, LogLevel.Warning, "A page could not show what changed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
