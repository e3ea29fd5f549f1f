using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using JobQueue.Workers.Held;

namespace JobQueue.Workers.Pool;

/// <summary>
/// Where leased jobs wait for a slot: most for an instant, those leased ahead for milliseconds. Counts what the pool has in hand
/// and wakes its lease loop when that runs low. Thread-safe.
/// </summary>
internal sealed class JobBuffer
{
    private readonly Channel<HeldJob> _jobs = Channel.CreateUnbounded<HeldJob>(new UnboundedChannelOptions { SingleWriter = true });

    private readonly Channel<bool> _low = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _inHand;
    private int _refillBelow;

    /// <summary>Jobs that wait here or occupy a slot.</summary>
    public int InHand => Volatile.Read(ref _inHand);

    public void Add(HeldJob job)
    {
        Interlocked.Increment(ref _inHand);
        _jobs.Writer.TryWrite(job);
    }

    /// <summary>No more jobs come: slots end when it is empty.</summary>
    public void Complete() => _jobs.Writer.TryComplete();

    /// <summary>Waits for a job; <see langword="false"/> when no more come.</summary>
    public ValueTask<bool> WaitAsync() => _jobs.Reader.WaitToReadAsync(CancellationToken.None);

    public bool TryTake([NotNullWhen(true)] out HeldJob? job) => _jobs.Reader.TryRead(out job);

    /// <summary>A slot is done with a job it took.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _inHand) < Volatile.Read(ref _refillBelow))
            _low.Writer.TryWrite(true);
    }

    /// <summary>
    /// Waits for a release that leaves fewer than <paramref name="refillBelow"/> jobs in hand. It may return early: decide anew.
    /// </summary>
    public ValueTask<bool> WhenLowAsync(int refillBelow, CancellationToken cancellationToken)
    {
        // First the threshold, then the count: a release in between sees the one, or is seen in the other.
        Interlocked.Exchange(ref _refillBelow, refillBelow);
        return InHand < refillBelow ? ValueTask.FromResult(true) : _low.Reader.ReadAsync(cancellationToken);
    }
}
