using JobQueue.Jobs.Submissions;

namespace JobQueue.Storage;

/// <summary>Who wants to know of commits, refusals and the size of the log: the metrics.</summary>
internal sealed class StoreObserver
{
    private Action<TimeSpan, int>? _onCommitted;
    private Action<RefusalReason>? _onRefused;
    private Action<long>? _onLogMeasured;

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnCommitted(Action<TimeSpan, int> listener) => _onCommitted += listener;

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnRefused(Action<RefusalReason> listener) => _onRefused += listener;

    /// <summary>Adds a listener. Called with bytes, on threads of the store, so it must be quick. Before the store starts.</summary>
    public void OnLogMeasured(Action<long> listener) => _onLogMeasured += listener;

    public void Refused(RefusalReason reason) => _onRefused?.Invoke(reason);

    public void Committed(TimeSpan duration, int commands) => _onCommitted?.Invoke(duration, commands);

    public void LogMeasured(long bytes) => _onLogMeasured?.Invoke(bytes);
}
