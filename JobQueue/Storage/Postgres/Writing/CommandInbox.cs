using System.Collections.Concurrent;
using System.Threading.Channels;
using JobQueue.Jobs.Store;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>What waits for a writer: bounded, so that memory is when callers come faster than the database takes. Anyone adds; the writer alone takes.</summary>
internal sealed class CommandInbox
{
    private const int MaxWaitingJobs = 10_000;
    private const int MaxWaitingBytes = 64 << 20;
    private const int MaxBatchJobs = 1000;
    private const int MaxBatchBytes = 4 << 20;

    private readonly ConcurrentQueue<PostgresCommand> _commands = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _jobs;
    private long _bytes;
    private TaskCompletionSource? _room;

    /// <summary>Whether so much waits that new writes from outside are refused.</summary>
    public bool IsOverloaded => Volatile.Read(ref _jobs) >= MaxWaitingJobs || Volatile.Read(ref _bytes) >= MaxWaitingBytes;

    public bool IsEmpty => _commands.IsEmpty;

    /// <summary>Waits until what waits takes less memory than it may.</summary>
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

    /// <exception cref="StoreOverloadedException">Too many wait already.</exception>
    public void Add(PostgresCommand command)
    {
        // Counted without itself, so that a batch larger than the bound is not told to come again for ever.
        var jobs = Interlocked.Add(ref _jobs, command.Jobs) - command.Jobs;
        var bytes = Interlocked.Add(ref _bytes, command.Bytes) - command.Bytes;
        if (command.Refusable && (jobs >= MaxWaitingJobs || bytes >= MaxWaitingBytes))
        {
            Taken(command);
            throw new StoreOverloadedException();
        }

        _commands.Enqueue(command);
        Wake();
    }

    /// <summary>Makes the writer look.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Ends when something was added, or the writer was woken, since it last looked.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>What fits into one transaction, in the order in which it came.</summary>
    public List<PostgresCommand> Take()
    {
        var (taken, jobs, bytes) = (new List<PostgresCommand>(), 0, 0L);
        // Only the writer takes: what was looked at is what is taken.
        while (jobs < MaxBatchJobs && bytes < MaxBatchBytes && _commands.TryPeek(out var next) && (taken.Count == 0 || !(next.Alone || taken[0].Alone))
            && _commands.TryDequeue(out var command))
        {
            Taken(command);
            if (!command.Wanted)
                continue;
            taken.Add(command);
            jobs += command.Jobs;
            bytes += command.Bytes;
        }

        return taken;
    }

    private void Taken(PostgresCommand command)
    {
        Interlocked.Add(ref _jobs, -command.Jobs);
        if (Interlocked.Add(ref _bytes, -command.Bytes) < MaxWaitingBytes && _room is not null)
            Interlocked.Exchange(ref _room, null)?.SetResult();
    }
}
