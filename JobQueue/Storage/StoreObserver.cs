using JobQueue.Jobs.Submissions;

namespace JobQueue.Storage;

/// <summary>Who wants to know of commits and refusals: the metrics.</summary>
internal sealed class StoreObserver
{
    private Action<TimeSpan, int>? _onCommitted;
    private Action<RefusalReason>? _onRefused;

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnCommitted(Action<TimeSpan, int> listener) => _onCommitted += listener;

    /// <summary>Adds a listener. Called on the store's own thread, so it must be quick. Before the store starts.</summary>
    public void OnRefused(Action<RefusalReason> listener) => _onRefused += listener;

    public void Refused(RefusalReason reason) => _onRefused?.Invoke(reason);

    public void Committed(TimeSpan duration, int commands) => _onCommitted?.Invoke(duration, commands);
}
