using JobQueue.Jobs.Submissions;

namespace JobQueue.Storage;

/// <summary>Who wants to know of commits and refusals: the metrics. A listener that throws hurts nobody else.</summary>
internal sealed partial class StoreObserver(ILogger<StoreObserver> logger)
{
    private readonly List<Action<TimeSpan, int>> _onCommitted = [];
    private readonly List<Action<RefusalReason>> _onRefused = [];

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnCommitted(Action<TimeSpan, int> listener) => _onCommitted.Add(listener);

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnRefused(Action<RefusalReason> listener) => _onRefused.Add(listener);

    public void Refused(RefusalReason reason)
    {
        foreach (var listener in _onRefused)
        {
            try
            {
                listener(reason);
            }
            catch (Exception exception)
            {
                LogListenerFailed(logger, exception);
            }
        }
    }

    public void Committed(TimeSpan duration, int commands)
    {
        foreach (var listener in _onCommitted)
        {
            try
            {
                listener(duration, commands);
            }
            catch (Exception exception)
            {
                LogListenerFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(2006, LogLevel.Error, "A listener of the store failed; it missed a commit or a refusal")]
    private static partial void LogListenerFailed(ILogger logger, Exception exception);
}
