using System.Collections.Immutable;
using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Events;

/// <summary>
/// What is on disk, in order, for everyone in this process who wants to know: what this process committed for log and metrics,
/// what happened in all processes for workers, pages and event streams. The store publishes; nothing is said here before it is on
/// disk. Where one process alone has the database the two are the same.
/// </summary>
/// <remarks>
/// Thread-safe. A subscriber is called on the publisher's thread, one batch after the other, and must be quick: what is slow
/// keeps its own bounded buffer. A slow log slows submission instead of losing lines. One that fails misses its batch alone:
/// the others get it, and a line says who missed what.
/// </remarks>
public sealed partial class JobFeed(ILogger<JobFeed> logger)
{
    private ImmutableArray<Subscription<IReadOnlyList<JobEvent>>> _ofOwn = [];
    private ImmutableArray<Subscription<EventBatch>> _ofAll = [];

    /// <summary>Calls <paramref name="onBatch"/> for each batch that this process committed until the returned subscription is disposed.</summary>
    /// <param name="name">Who it is, should they miss something.</param>
    /// <param name="onBatch">Gets a list that nobody changes any more, and so may keep it.</param>
    public IDisposable Subscribe(string name, Action<IReadOnlyList<JobEvent>> onBatch)
    {
        var subscription = new Subscription<IReadOnlyList<JobEvent>>(name, onBatch, left => ImmutableInterlocked.Update(ref _ofOwn, all => all.Remove(left)));
        ImmutableInterlocked.Update(ref _ofOwn, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Calls <paramref name="onBatch"/> for each batch that whichever process committed, this one too; else as <see cref="Subscribe"/>.</summary>
    internal IDisposable SubscribeToAll(string name, Action<EventBatch> onBatch)
    {
        var subscription = new Subscription<EventBatch>(name, onBatch, left => ImmutableInterlocked.Update(ref _ofAll, all => all.Remove(left)));
        ImmutableInterlocked.Update(ref _ofAll, static (all, added) => all.Add(added), subscription);
        return subscription;
    }

    /// <summary>Says what this process committed. Called by the store alone. Throws nothing.</summary>
    internal void Publish(IReadOnlyList<JobEvent> batch) => Tell(_ofOwn, batch, batch);

    /// <summary>Says what happened in all processes. Called by the store alone, with one batch after the other. Throws nothing.</summary>
    internal void PublishAll(EventBatch batch) => Tell(_ofAll, batch, batch.Events);

    private void Tell<T>(ImmutableArray<Subscription<T>> subscribers, T told, IReadOnlyList<JobEvent> events)
    {
        foreach (var subscriber in subscribers)
        {
            try
            {
                subscriber.OnBatch(told);
            }
            catch (Exception exception)
            {
                var (first, last) = events.Count == 0 ? default : (events[0].JobId, events[^1].JobId);
                LogMissed(logger, exception, subscriber.Name, events.Count, first, last);
            }
        }
    }

    [LoggerMessage(2002, LogLevel.Error, "{Subscriber} failed at a batch of {Count} committed events and may have missed them: the first is of job {FirstJobId}, the last of job {LastJobId}")]
    private static partial void LogMissed(ILogger logger, Exception exception, string subscriber, int count, JobId firstJobId, JobId lastJobId);

    private sealed class Subscription<T>(string name, Action<T> onBatch, Action<Subscription<T>> onLeft) : IDisposable
    {
        public string Name => name;

        public Action<T> OnBatch => onBatch;

        public void Dispose() => onLeft(this);
    }
}
