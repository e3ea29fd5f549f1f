using JobQueue.Storage.Sqlite.Commands;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// The writes of one transaction. Callers who were just answered are back within microseconds, and in this batch they share its
/// flush: they are waited for until as many are here as there were, none came for a moment, or the wait has taken as long as a
/// flush. A wish for jobs ends the wait. Belongs to the writer's thread.
/// </summary>
/// <param name="inbox">Where they come from.</param>
/// <param name="time">Measures how long callers are waited for.</param>
/// <remarks>A lone caller waits for no one; after a burst the first one does, for one moment.</remarks>
internal sealed class WriteBatch(WriterInbox inbox, TimeProvider time)
{
    private const int MaxJobs = 1000;
    private const int MaxBytes = 4 << 20;

    /// <summary>
    /// 25 µs, about what a woken thread takes to come. Measured on two cores by <c>bench --only store</c>: 64 producers are up to a
    /// fifth faster, 8 a third.
    /// </summary>
    private readonly long _moment = time.TimestampFrequency / 40_000;

    private readonly List<StoreCommand> _writes = [];
    private int _jobs;
    private long _bytes;
    private int _expected;
    private long _patience;
    private long _lastFlush;

    /// <summary>Always the same list; it grows until the batch is complete.</summary>
    public IReadOnlyList<StoreCommand> Writes => _writes;

    private bool IsFull => _jobs >= MaxJobs || _bytes >= MaxBytes;

    /// <summary>Starts a batch with what waits.</summary>
    public void Begin()
    {
        _writes.Clear();
        (_jobs, _bytes, _patience) = (0, 0, _lastFlush);
        Take();
    }

    /// <summary>Adds what came while the batch was applied, and who is still expected. False when it is complete.</summary>
    public bool TakeMore()
    {
        if (Take())
            return true;
        if (_writes.Count >= _expected || _patience <= 0 || IsFull)
            return false;
        var began = time.GetTimestamp();
        var come = LookOut(_moment);
        _patience -= time.GetTimestamp() - began;
        return come && Take();
    }

    /// <summary>The batch is on the disk, and its callers are about to be answered.</summary>
    /// <param name="flush">What its commit took, in ticks of the clock.</param>
    public void Committed(long flush) => (_expected, _lastFlush) = (_writes.Count + inbox.Writes, flush);

    /// <summary>Waits a little for callers who are expected: it costs less than to sleep and be woken. Whether something waits now.</summary>
    public bool WaitForMore() => !inbox.IsEmpty || (_expected > 1 && LookOut(3 * _moment));

    private bool Take()
    {
        var before = _writes.Count;
        while (!IsFull && inbox.TryTake(out StoreCommand? command))
        {
            if (!command.Wanted)
                continue;
            _writes.Add(command);
            _jobs += command.Jobs;
            _bytes += command.Bytes;
        }

        return _writes.Count > before;
    }

    /// <summary>Lets others run until something waits.</summary>
    private bool LookOut(long ticks)
    {
        var end = time.GetTimestamp() + ticks;
        while (inbox.IsEmpty)
        {
            if (time.GetTimestamp() >= end)
                return false;
            Thread.Yield();
        }

        return true;
    }
}
