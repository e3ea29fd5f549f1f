using JobQueue.Jobs.Store;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>
/// How much waits for the writers of this process: bounded, so that memory is when callers come faster than the database takes.
/// Thread-safe.
/// </summary>
internal sealed class Backlog
{
    private const int MaxJobs = 10_000;
    private const int MaxBytes = 64 << 20;

    private int _jobs;
    private long _bytes;
    private TaskCompletionSource? _room;

    /// <summary>Whether so much waits that new writes from outside are refused.</summary>
    public bool IsOverloaded => Volatile.Read(ref _jobs) >= MaxJobs || Volatile.Read(ref _bytes) >= MaxBytes;

    /// <summary>Waits until what waits takes less memory than it may.</summary>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _bytes) >= MaxBytes)
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = Interlocked.CompareExchange(ref _room, room, null) ?? room;
            // Looked at once more when every later change is sure to end the wait.
            if (Volatile.Read(ref _bytes) >= MaxBytes)
                await room.Task.WaitAsync(cancellationToken);
        }
    }

    /// <exception cref="StoreOverloadedException">Too much waits already.</exception>
    public void Add(PostgresCommand command)
    {
        // Counted without itself, so that a batch larger than the bound is not told to come again for ever.
        var jobs = Interlocked.Add(ref _jobs, command.Jobs) - command.Jobs;
        var bytes = Interlocked.Add(ref _bytes, command.Bytes) - command.Bytes;
        if (!command.Refusable || (jobs < MaxJobs && bytes < MaxBytes))
            return;
        Remove(command);
        throw new StoreOverloadedException();
    }

    public void Remove(PostgresCommand command)
    {
        Interlocked.Add(ref _jobs, -command.Jobs);
        if (Interlocked.Add(ref _bytes, -command.Bytes) < MaxBytes && _room is not null)
            Interlocked.Exchange(ref _room, null)?.SetResult();
    }
}
