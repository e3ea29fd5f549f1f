using System.Collections.Concurrent;
using System.Threading.Channels;
using JobQueue.Jobs.Store;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>What waits for a writer. Anyone adds; the writer alone takes.</summary>
/// <param name="backlog">What waits for all writers of the process.</param>
internal sealed class CommandInbox(Backlog backlog)
{
    private const int MaxBatchJobs = 1000;
    private const int MaxBatchBytes = 4 << 20;

    private readonly ConcurrentQueue<PostgresCommand> _commands = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public bool IsEmpty => _commands.IsEmpty;

    /// <exception cref="StoreOverloadedException">Too many wait already.</exception>
    public void Add(PostgresCommand command)
    {
        backlog.Add(command);
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
            backlog.Remove(command);
            if (!command.Wanted)
                continue;
            taken.Add(command);
            jobs += command.Jobs;
            bytes += command.Bytes;
        }

        return taken;
    }
}
