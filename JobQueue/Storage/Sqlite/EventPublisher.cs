using System.Threading.Channels;
using JobQueue.Jobs;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// Tells the feed what was committed, in order, on a thread of its own, so that the writer goes on meanwhile. The buffer is
/// bounded: when log and metrics cannot keep up the writer waits, so nothing is dropped and memory stays bounded.
/// </summary>
internal sealed partial class EventPublisher : IDisposable
{
    private const int MaxBatchesWaiting = 64;

    private readonly Channel<IReadOnlyList<JobEvent>> _batches = Channel.CreateBounded<IReadOnlyList<JobEvent>>(
        new BoundedChannelOptions(MaxBatchesWaiting) { SingleReader = true, SingleWriter = true });

    private readonly JobFeed _feed;
    private readonly ILogger _logger;
    private readonly Thread _thread;

    public EventPublisher(JobFeed feed, ILogger logger)
    {
        _feed = feed;
        _logger = logger;
        _thread = new Thread(Run) { Name = "event publisher", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer alone, after the commit.</summary>
    public void Publish(IReadOnlyList<JobEvent> batch)
    {
        if (!_batches.Writer.TryWrite(batch))
            _batches.Writer.WriteAsync(batch).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Says what is left and ends the thread.</summary>
    public void Dispose()
    {
        _batches.Writer.TryComplete();
        _thread.Join();
    }

    private void Run()
    {
        while (_batches.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_batches.Reader.TryRead(out var batch))
                Say(batch);
        }
    }

    private void Say(IReadOnlyList<JobEvent> batch)
    {
        try
        {
            _feed.Publish(batch);
        }
        catch (Exception exception)
        {
            LogSubscriberFailed(_logger, exception);
        }
    }

    [LoggerMessage(2002, LogLevel.Error, "A subscriber of the job feed failed; it missed a batch of events")]
    private static partial void LogSubscriberFailed(ILogger logger, Exception exception);
}
