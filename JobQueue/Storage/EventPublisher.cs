using JobQueue.Jobs.Events;

namespace JobQueue.Storage;

/// <summary>
/// Tells what was committed, in order, on a thread of its own, so that the writer goes on meanwhile. The buffer is
/// bounded: when log and metrics cannot keep up the store waits, so nothing is dropped and memory stays bounded.
/// </summary>
internal sealed class EventPublisher : IDisposable
{
    /// <summary>
    /// About a second's worth under full load, some 20 MB: the system may hold up a write of the log for a quarter of a second, and
    /// the store should not wait for that. Measured by
    /// <c>bench --only store --soak 60</c>: the worst wait of 64 producers in a minute fell from 278 ms to 173 ms.
    /// </summary>
    private const int MaxWaiting = 65_536;

    /// <summary>Errors of failing jobs may be long.</summary>
    private const long MaxWaitingBytes = 32 << 20;

    /// <summary>The most events told in one round, so that what subscribers make of them stays small.</summary>
    private const int MaxTold = 2_048;
    private const long MaxToldBytes = 4 << 20;

    /// <summary>A round with fewer is followed by the next at once: whoever watches a quiet server sees what happens as it happens.</summary>
    private const int BusyRound = 8;

    /// <summary>
    /// Between two rounds under load: the next has the events of several commits, so that not each of them wakes this thread and
    /// writes to the log, whose file's metadata the next commit would flush with its own.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Queue<JobEvent> _waiting = new();
    private readonly object _gate = new();
    private readonly Action<IReadOnlyList<JobEvent>> _tell;
    private readonly Thread _thread;
    private long _bytes;
    private readonly Queue<(long Published, TaskCompletionSource Told)> _asked = new();
    private long _published;
    private long _told;
    private bool _resting;
    private bool _closed;

    /// <param name="tell">Tells the feed; throws nothing.</param>
    public EventPublisher(Action<IReadOnlyList<JobEvent>> tell)
    {
        _tell = tell;
        _thread = new Thread(Run) { Name = "event publisher", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer alone, with what is committed. The list stays the caller's.</summary>
    public void Publish(IReadOnlyList<JobEvent> batch)
    {
        lock (_gate)
        {
            while (IsFull)
                Monitor.Wait(_gate);
            var pulse = _waiting.Count == 0 && !_resting;
            foreach (var happened in batch)
            {
                _waiting.Enqueue(happened);
                _bytes += happened.Bytes;
            }

            _published += batch.Count;
            if (pulse)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends when everything published until now has been told.</summary>
    public Task WhenToldAsync()
    {
        lock (_gate)
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_told >= _published)
                told.SetResult();
            else
                _asked.Enqueue((_published, told));
            return told.Task;
        }
    }

    /// <summary>Says what is left and ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private bool IsFull => _waiting.Count >= MaxWaiting || _bytes >= MaxWaitingBytes;

    private void Run()
    {
        while (Next() is { Count: > 0 } batch)
        {
            _tell(batch);
            Told(batch.Count);
            if (batch.Count >= BusyRound)
                Rest();
        }
    }

    private void Told(int count)
    {
        lock (_gate)
        {
            _told += count;
            while (_asked.TryPeek(out var asked) && asked.Published <= _told)
                _asked.Dequeue().Told.SetResult();
        }
    }

    private void Rest()
    {
        lock (_gate)
        {
            if (_waiting.Count >= MaxTold || _bytes >= MaxToldBytes || _closed)
                return;
            _resting = true;
            Monitor.Wait(_gate, Pause);
            _resting = false;
        }
    }

    /// <summary>What waits, oldest first; nothing at the end.</summary>
    private List<JobEvent> Next()
    {
        // A monitor of old: a thread that waits for a channel spins first, which takes the writer's core.
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
                Monitor.Wait(_gate);
            if (IsFull)
                Monitor.Pulse(_gate);
            var batch = new List<JobEvent>(Math.Min(_waiting.Count, MaxTold));
            var told = 0L;
            while (batch.Count < MaxTold && told < MaxToldBytes && _waiting.TryDequeue(out var happened))
            {
                batch.Add(happened);
                told += happened.Bytes;
            }

            _bytes -= told;
            return batch;
        }
    }
}
