using System.Diagnostics;
using JobQueue.Jobs;
using JobQueue.Storage.Sqlite.Commands;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// Makes committed batches durable and then, not before, answers their callers and tells the feed, on a thread of its own: so
/// that the writer works on the next batch while the disk is busy with the last one.
/// </summary>
internal sealed class CommitFlusher : IDisposable
{
    private readonly object _gate = new();
    private readonly Action _flush;
    private readonly EventPublisher _publisher;
    private readonly Action _onFree;
    private readonly Action<Exception> _onFailed;
    private readonly Action<TimeSpan, int> _onDurable;
    private readonly Thread _thread;
    private CommittedBatch? _next;
    private bool _flushing;
    private int _flushingJobs;
    private bool _closed;

    /// <param name="flush">Brings all that is committed to the disk.</param>
    /// <param name="publisher">Where the events go.</param>
    /// <param name="onFree">Called when the next batch may come.</param>
    /// <param name="onFailed">Called when a flush failed. The batch's callers have been told.</param>
    /// <param name="onDurable">Called with the time a batch took from its first command, and how many it had.</param>
    public CommitFlusher(
        Action flush, EventPublisher publisher, Action onFree, Action<Exception> onFailed, Action<TimeSpan, int> onDurable)
    {
        (_flush, _publisher, _onFree, _onFailed, _onDurable) = (flush, publisher, onFree, onFailed, onDurable);
        _thread = new Thread(Run) { Name = "commit flusher", IsBackground = true };
    }

    /// <summary>Whether a batch given now would be flushed at once.</summary>
    public bool IsFree
    {
        get
        {
            lock (_gate)
                return _next is null && !_flushing;
        }
    }

    /// <summary>
    /// Whether a batch of so many jobs should come now: the disk is free, or the batch is worth a flush of its own and no smaller
    /// than the one under way, behind which it may wait.
    /// </summary>
    public bool Takes(int jobs)
    {
        lock (_gate)
            return _next is null && (!_flushing || jobs >= Math.Max(WriterInbox.WorthWaking, _flushingJobs));
    }

    public void Start() => _thread.Start();

    /// <summary>Takes a batch, once none waits.</summary>
    public void Flush(CommittedBatch batch)
    {
        lock (_gate)
        {
            while (_next is not null)
                Monitor.Wait(_gate);
            _next = batch;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Flushes and answers what is left and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        if (_thread.IsAlive)
            _thread.Join();
    }

    private void Run()
    {
        // Stays: the system tells of a failed write once, so a later flush would seem to succeed, and what was committed after the
        // lost pages is lost with them.
        Exception? failure = null;
        while (Next() is { } batch)
        {
            // The disk is given free after the answers, not before: those who go on at once are in the next batch then, and not
            // in the one after it.
            failure ??= TryFlush();
            if (failure is null)
                Answer(batch);
            else
                Fail(batch, failure);
            lock (_gate)
            {
                _flushing = false;
                Monitor.PulseAll(_gate);
            }

            _onFree();
        }
    }

    private CommittedBatch? Next()
    {
        lock (_gate)
        {
            while (_next is null && !_closed)
                Monitor.Wait(_gate);
            var batch = _next;
            (_next, _flushing, _flushingJobs) = (null, batch is not null, batch?.Jobs ?? 0);
            return batch;
        }
    }

    private Exception? TryFlush()
    {
        try
        {
            _flush();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private void Answer(CommittedBatch batch)
    {
        _onDurable(Stopwatch.GetElapsedTime(batch.Began), batch.Commands.Count);
        foreach (var command in batch.Commands)
            command.Complete();
        foreach (var lease in batch.Leases)
            lease.Complete();
        if (batch.Events.Count > 0)
            _publisher.Publish(batch.Events);
    }

    private void Fail(CommittedBatch batch, Exception failure)
    {
        var stopped = new StoreStoppedException(failure);
        foreach (var command in batch.Commands)
            command.Fail(stopped);
        foreach (var lease in batch.Leases)
            lease.Fail(stopped);
        _onFailed(failure);
    }
}

/// <summary>What one transaction did, of which nobody may hear before it is on the disk.</summary>
/// <param name="Began">When its first command was taken, in the stopwatch's ticks.</param>
/// <param name="Commands">To be answered.</param>
/// <param name="Leases">Wishes that got jobs.</param>
/// <param name="Events">For the feed.</param>
internal sealed record CommittedBatch(
    long Began, IReadOnlyList<StoreCommand> Commands, IReadOnlyList<LeaseCommand> Leases, IReadOnlyList<JobEvent> Events)
{
    /// <summary>Jobs that its commands are about.</summary>
    public int Jobs { get; } = Commands.Sum(command => command.Jobs);
}
