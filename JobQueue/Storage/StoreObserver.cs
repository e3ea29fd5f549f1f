using JobQueue.Jobs.Submissions;

namespace JobQueue.Storage;

/// <summary>Who wants to know of commits, refusals and the size of the log: the metrics. A listener that throws hurts nobody else.</summary>
internal sealed partial class StoreObserver(ILogger<StoreObserver> logger)
{
    private readonly List<Action<TimeSpan, int>> _onCommitted = [];
    private readonly List<Action<RefusalReason>> _onRefused = [];
    private readonly List<Action<long>> _onLogMeasured = [];

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnCommitted(Action<TimeSpan, int> listener) => _onCommitted.Add(listener);

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnRefused(Action<RefusalReason> listener) => _onRefused.Add(listener);

    /// <summary>Adds a listener. Called with bytes, on threads of the store, so it must be quick. Before the store starts.</summary>
    public void OnLogMeasured(Action<long> listener) => _onLogMeasured.Add(listener);

    public void Refused(RefusalReason reason) => Tell(_onRefused, listener => listener(reason));

    public void Committed(TimeSpan duration, int commands) => Tell(_onCommitted, listener => listener(duration, commands));

    public void LogMeasured(long bytes) => Tell(_onLogMeasured, listener => listener(bytes));

    private void Tell<T>(List<T> listeners, Action<T> tell)
    {
        foreach (var listener in listeners)
        {
            try
            {
                tell(listener);
            }
            catch (Exception exception)
            {
                LogListenerFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(2006, LogLevel.Error, "A listener of the store failed; it missed what it listens to once")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);
}
