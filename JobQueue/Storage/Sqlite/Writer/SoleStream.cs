using JobQueue.Jobs.Events;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// Tells the feed what was committed, as what this process did and as what happened in all: it is the only one. Called by one
/// thread.
/// </summary>
internal sealed class SoleStream(JobFeed feed)
{
    private const int Writer = 0;

    private EventPosition _told = EventPosition.Start;
    private long _number;

    public void Tell(IReadOnlyList<JobEvent> batch)
    {
        feed.Publish(batch);
        var place = new BatchPlace(_told, Writer, ++_number, batch.Count);
        feed.PublishAll(new EventBatch(place, batch));
        _told = place.After;
    }
}
