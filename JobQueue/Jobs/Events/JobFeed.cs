using System.Collections.Immutable;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Events;

/// <summary>
/// What was committed, in order, for everyone in this process who wants to know: log, metrics, pages, event streams.
/// The store publishes; nothing is said here before it is on disk.
/// </summary>
/// <remarks>
/// Thread-safe. A subscriber is called on the publisher's thread, one batch after the other, and must be quick: what is slow
/// keeps its own bounded buffer. A slow log slows submission instead of losing lines. One that fails misses its batch alone:
/// the others get it, and a line says who missed what.
/// </remarks>
public sealed partial class JobFeed(ILogger<JobFeed> logger)
{
    private ImmutableArray<Subscription> _subscribers = [];

    /// <summary>Calls <paramref name="onBatch"/> for each committed batch until the returned subscription is disposed.</summary>
    /// <param name="name">Who it is, should they miss something.</param>
    /// <param name="onBatch">Gets a list that nobody changes any more, and so may keep it.</param>
    public IDisposable Subscribe(string name, Action<IReadOnlyList<JobEvent>> onBatch)
    {
        var subscription = new Subscription(this, name, onBatch);
        ImmutableInterlocked.Update(ref _subscribers, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Called by the store alone. Throws nothing.</summary>
    internal void Publish(IReadOnlyList<JobEvent> batch)
    {
        foreach (var subscriber in _subscribers)
        {
            try
            {
                subscriber.OnBatch(batch);
            }
            catch (Exception exception)
            {
                LogMissed(logger, exception, subscriber.Name, batch.Count, batch[0].JobId, batch[^1].JobId);
            }
        }
    }

    [LoggerMessage(2002, LogLevel.Error, "{Subscriber} failed at a batch of {Count} committed events and may have missed them: the first is of job {FirstJobId}, the last of job {LastJobId}")]
    private static partial void LogMissed(ILogger logger, Exception exception, string subscriber, int count, JobId firstJobId, JobId lastJobId);

    private sealed class Subscription(JobFeed feed, string name, Action<IReadOnlyList<JobEvent>> onBatch) : IDisposable
    {
        public string Name => name;

        public Action<IReadOnlyList<JobEvent>> OnBatch => onBatch;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref feed._subscribers, static (all, removed) => all.Remove(removed), this);
    }
}
