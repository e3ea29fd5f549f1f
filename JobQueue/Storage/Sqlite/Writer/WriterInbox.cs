using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Leasing;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// What waits for the writer: bounded, so that memory is when callers come faster than the disk takes. Anyone adds; the writer
/// alone takes and sleeps.
/// </summary>
internal sealed class WriterInbox : IDisposable
{
    private const int MaxWaitingJobs = 10_000;
    private const int MaxWaitingBytes = 64 << 20;

    private readonly ConcurrentQueue<StoreCommand> _writes = new();
    private readonly ConcurrentQueue<LeaseCommand> _wishes = new();
    private readonly AutoResetEvent _wake = new(false);
    private int _jobs;
    private long _bytes;
    private bool _asleep;
    private TaskCompletionSource? _room;

    /// <summary>Whether so much waits that new writes from outside are refused.</summary>
    public bool IsOverloaded => Volatile.Read(ref _jobs) >= MaxWaitingJobs || Volatile.Read(ref _bytes) >= MaxWaitingBytes;

    /// <summary>How many writes wait.</summary>
    public int Writes => _writes.Count;

    /// <summary>Waits until what waits takes less memory than it may. Always soon: the writer takes it, whatever becomes of it.</summary>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _bytes) >= MaxWaitingBytes)
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = Interlocked.CompareExchange(ref _room, room, null) ?? room;
            // Looked at once more when every later change is sure to end the wait.
            if (Volatile.Read(ref _bytes) >= MaxWaitingBytes)
                await room.Task.WaitAsync(cancellationToken);
        }
    }

    public bool IsEmpty => _writes.IsEmpty && _wishes.IsEmpty;

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
        Wake();
    }

    public void Add(LeaseCommand wish)
    {
        _wishes.Enqueue(wish);
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
        // Looked at first: an exchange would take the cache line from every other caller.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) && Interlocked.Exchange(ref _asleep, false))
            _wake.Set();
    }

    /// <summary>Sleeps until something is added. It may return early.</summary>
    /// <param name="hasWork">Asked once more when every later change is sure to wake it.</param>
    public void Sleep(Func<bool> hasWork)
    {
        _ = Interlocked.Exchange(ref _asleep, true);
        if (!hasWork())
            _wake.WaitOne();
        _ = Interlocked.Exchange(ref _asleep, false);
    }

    public void Dispose() => _wake.Dispose();

    private void Taken(StoreCommand command)
    {
        Interlocked.Add(ref _jobs, -command.Jobs);
        if (Interlocked.Add(ref _bytes, -command.Bytes) < MaxWaitingBytes && _room is not null)
            Interlocked.Exchange(ref _room, null)?.SetResult();
    }
}
