namespace JobQueue.Api.Memory;

/// <summary>
/// Bytes that calls in flight may hold together, so that many at once, or slow ones, cost time and no memory. Who finds no room
/// waits for a moment, first come first served, and is then refused; so is at once who would wait behind too much.
/// Thread-safe.
/// </summary>
internal sealed class ByteBudget(long total, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What may wait is so many times what may be held.</summary>
    private const int WaitingShare = 4;

    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private long _taken;
    private long _wanted;

    /// <summary>What is held now.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
                return _taken;
        }
    }

    /// <summary>An empty room, to be filled by and by.</summary>
    public Room Open() => new(this);

    /// <exception cref="NoRoomException">There was no room for it in time.</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _taken += bytes;
                return;
            }

            if (_wanted >= WaitingShare * total)
                throw new NoRoomException();
            waiter = new Waiter(bytes);
            waiter.Place = _waiting.AddLast(waiter);
            _wanted += bytes;
        }

        try
        {
            await waiter.Granted.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception exception)
        {
            GiveUp(waiter);
            if (exception is TimeoutException)
                throw new NoRoomException();
            throw;
        }
    }

    /// <summary>Takes what must not be refused, or (negative) gives back.</summary>
    public void Add(long bytes)
    {
        lock (_gate)
        {
            _taken += bytes;
            Grant();
        }
    }

    private void Grant()
    {
        while (_waiting.First is { Value: var next } && Fits(next.Bytes))
        {
            Forget(next);
            _taken += next.Bytes;
            next.Granted.SetResult();
        }
    }

    /// <summary>What is larger than everything goes alone.</summary>
    private bool Fits(long bytes) => _taken + bytes <= total || _taken == 0;

    private void GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place is not null)
                Forget(waiter);
            else
                _taken -= waiter.Bytes; // It was granted in the same moment.
            Grant();
        }
    }

    private void Forget(Waiter waiter)
    {
        _waiting.Remove(waiter.Place!);
        waiter.Place = null;
        _wanted -= waiter.Bytes;
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes { get; } = bytes;

        public LinkedListNode<Waiter>? Place { get; set; }

        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
