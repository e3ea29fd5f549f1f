namespace JobQueue.Jobs.Events;

/// <summary>The store, as what the feed gets its events from.</summary>
public interface IEventSource
{
    /// <summary>Waits until everything that was committed and answered before has been said to the feed.</summary>
    Task WhenToldAsync(CancellationToken cancellationToken);
}
