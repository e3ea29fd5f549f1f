using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using JobQueue.Jobs;
using JobQueue.Storage.Sqlite.Commands;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// What waits for the writer: bounded, so that memory is when callers come faster than the disk takes. Anyone adds; the writer
/// alone takes and sleeps.
/// </summary>
internal sealed class WriterInbox : IDisposable
{
    /// <summary>
    /// How many jobs must have arrived for the writer to work on them while the disk is still busy. Measured on two cores with 64
    /// producers: 64 is a twentieth faster than 32, as waking a thread and writing pages cost more than the wait.
    /// </summary>
    public const int WorthWaking = 64;

    private const int MaxWaitingJobs = 20_000;
    private const int MaxWaitingBytes = 64 << 20;

    /// <summary>For <see cref="_wakeAt"/>: the writer is not asleep.</summary>
    private const int Awake = int.MaxValue;

    private readonly ConcurrentQueue<StoreCommand> _writes = new();
    private readonly ConcurrentQueue<LeaseCommand> _wishes = new();
    private readonly AutoResetEvent _wake = new(false);
    private int _jobs;
    private long _bytes;
    private int _wakeAt = Awake;

    /// <summary>Whether so much waits that new writes from outside are refused.</summary>
    public bool IsOverloaded => Volatile.Read(ref _jobs) >= MaxWaitingJobs || Volatile.Read(ref _bytes) >= MaxWaitingBytes;

    public bool IsEmpty => _writes.IsEmpty && _wishes.IsEmpty;

    public bool HasEnoughToWork => Volatile.Read(ref _jobs) >= WorthWaking;

    /// <exception cref="StoreOverloadedException">Too many wait already.</exception>
    public void Add(StoreCommand command)
    {
        // Counted without itself, so that a batch larger than the bound is not told to come again for ever.
        var jobs = Interlocked.Add(ref _jobs, command.Jobs) - command.Jobs;
        var bytes = Interlocked.Add(ref _bytes, command.Bytes) - command.Bytes;
        if (command.Refusable && (jobs >= MaxWaitingJobs || bytes >= MaxWaitingBytes))
        {
            Taken(command);
            throw new StoreOverloadedException();
        }

        _writes.Enqueue(command);
        if (jobs + command.Jobs >= Volatile.Read(ref _wakeAt))
            Wake();
    }

    public void Add(LeaseCommand wish)
    {
        _wishes.Enqueue(wish);
        // An open transaction looks at the wishes when it ends.
        if (Volatile.Read(ref _wakeAt) != WorthWaking)
            Wake();
    }

    public bool TryTake([NotNullWhen(true)] out StoreCommand? command)
    {
        if (!_writes.TryDequeue(out command))
            return false;
        Taken(command);
        return true;
    }

    public bool TryTake([NotNullWhen(true)] out LeaseCommand? wish) => _wishes.TryDequeue(out wish);

    /// <summary>Wakes the writer if it sleeps.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _wakeAt, Awake) != Awake)
            _wake.Set();
    }

    /// <summary>Sleeps until it is woken. It may return early.</summary>
    /// <param name="leastJobs">How many jobs must wait for a write to wake it.</param>
    /// <param name="hasWork">Asked once more when every later change is sure to wake it.</param>
    public void Sleep(int leastJobs, Func<bool> hasWork)
    {
        _ = Interlocked.Exchange(ref _wakeAt, leastJobs);
        if (!hasWork())
            _wake.WaitOne();
        _ = Interlocked.Exchange(ref _wakeAt, Awake);
    }

    public void Dispose() => _wake.Dispose();

    private void Taken(StoreCommand command)
    {
        Interlocked.Add(ref _jobs, -command.Jobs);
        Interlocked.Add(ref _bytes, -command.Bytes);
    }
}
