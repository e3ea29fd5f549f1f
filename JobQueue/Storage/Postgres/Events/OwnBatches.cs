using JobQueue.Jobs.Events;

namespace JobQueue.Storage.Postgres.Events;

/// <summary>
/// What this process committed and has not read back yet: its place among what the others committed is known only then, but its events
/// need not travel. Thread-safe.
/// </summary>
internal sealed class OwnBatches
{
    /// <summary>What does not fit is read back like what others committed.</summary>
    private const long MaxBytes = 32 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Queue<Batch>> _batches = [];
    private readonly Dictionary<int, long> _committed = [];
    private long _bytes;

    /// <summary>The number of the last batch of each writer that this process has had.</summary>
    public IReadOnlyDictionary<int, long> Committed
    {
        get
        {
            lock (_lock)
                return new Dictionary<int, long>(_committed);
        }
    }

    /// <summary>Keeps what is on disk now.</summary>
    public void Add(int writer, long number, IReadOnlyList<JobEvent> events)
    {
        var bytes = 0L;
        foreach (var happened in events)
            bytes += happened.Bytes;
        lock (_lock)
        {
            _committed[writer] = number;
            if (!_batches.TryGetValue(writer, out var queue))
                _batches[writer] = queue = [];
            // Without holes, so that those that are here are told by the first and the last number.
            if (_bytes + bytes > MaxBytes || (queue.Count > 0 && queue.Peek().Number + queue.Count != number))
                return;
            queue.Enqueue(new Batch(number, events, bytes));
            _bytes += bytes;
        }
    }

    /// <summary>Forgets everything: the database is another, or an older state of it.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _batches.Clear();
            _committed.Clear();
            _bytes = 0;
        }
    }

    /// <summary>Which batches beyond a place are here. They stay until they are taken, or the next look from a place behind them.</summary>
    public IReadOnlyList<(int Writer, long First, long Last)> Beyond(EventPosition position)
    {
        lock (_lock)
        {
            var here = new List<(int, long, long)>();
            foreach (var (writer, queue) in _batches)
            {
                while (queue.TryPeek(out var first) && first.Number <= position.BatchesOf(writer))
                    _bytes -= queue.Dequeue().Bytes;
                if (queue.TryPeek(out var next))
                    here.Add((writer, next.Number, next.Number + queue.Count - 1));
            }

            return here;
        }
    }

    /// <summary>One of those that <see cref="Beyond"/> told.</summary>
    public IReadOnlyList<JobEvent> Take(int writer, long number)
    {
        lock (_lock)
        {
            var queue = _batches[writer];
            while (true)
            {
                var batch = queue.Dequeue();
                _bytes -= batch.Bytes;
                if (batch.Number == number)
                    return batch.Events;
            }
        }
    }

    private sealed record Batch(long Number, IReadOnlyList<JobEvent> Events, long Bytes);
}
