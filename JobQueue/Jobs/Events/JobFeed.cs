using System.Collections.Immutable;

namespace JobQueue.Jobs.Events;

/// <summary>
/// What was committed, in order, for everyone in this process who wants to know: log, metrics, pages, event streams.
/// The store publishes; nothing is said here before it is on disk.
/// </summary>
/// <remarks>
/// Thread-safe. A subscriber is called on the publisher's thread, one batch after the other, and must be quick: what is slow
/// keeps its own bounded buffer. A slow log slows submission instead of losing lines.
/// </remarks>
public sealed class JobFeed
{
    private ImmutableArray<Action<IReadOnlyList<JobEvent>>> _subscribers = [];

    /// <summary>Calls <paramref name="onBatch"/> for each committed batch until the returned subscription is disposed.</summary>
    public IDisposable Subscribe(Action<IReadOnlyList<JobEvent>> onBatch)
    {
        ImmutableInterlocked.Update(ref _subscribers, static (all, added) => all.Add(added), onBatch);
        return new Subscription(this, onBatch);
    }

    /// <summary>Called by the store alone.</summary>
    internal void Publish(IReadOnlyList<JobEvent> batch)
    {
        foreach (var subscriber in _subscribers)
            subscriber(batch);
    }

    private sealed class Subscription(JobFeed feed, Action<IReadOnlyList<JobEvent>> onBatch) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(ref feed._subscribers, static (all, removed) => all.Remove(removed), onBatch);
    }
}
