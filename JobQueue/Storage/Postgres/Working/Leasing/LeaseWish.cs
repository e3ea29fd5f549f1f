using JobQueue.Jobs.Leases;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>A wish for jobs. It stays with the writer, which tries to fulfil it whenever something may have become runnable.</summary>
internal sealed class LeaseWish(LeaseRequest request)
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<IReadOnlyList<LeasedJob>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private volatile bool _gaveUp;

    public LeaseRequest Request => request;

    public Task<IReadOnlyList<LeasedJob>> Task => _completion.Task;

    /// <summary>What the transaction under way gives it.</summary>
    public List<LeasedJob> Granted { get; } = [];

    /// <summary>Of the payloads of <see cref="Granted"/>.</summary>
    public long Bytes { get; set; }

    public bool IsGivenUp => Volatile.Read(ref _state) == GivenUp;

    public bool WantsMore => Granted.Count < request.Slots + request.Ahead && Bytes < request.MaxBytes;

    /// <summary>The caller's last word; has no effect once jobs were taken for them.</summary>
    public void GiveUp()
    {
        _gaveUp = true;
        if (Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting)
            _completion.TrySetResult([]);
    }

    /// <summary>To be called with a job in hand: from then on the caller cannot give up.</summary>
    /// <returns>False when they have.</returns>
    public bool Claim() => Granted.Count > 0 || Interlocked.CompareExchange(ref _state, Claimed, Waiting) != GivenUp;

    /// <summary>A rollback took back what was granted: the caller may give up again, or has meanwhile.</summary>
    public void Undo()
    {
        Granted.Clear();
        Bytes = 0;
        Interlocked.CompareExchange(ref _state, Waiting, Claimed);
        if (_gaveUp)
            GiveUp();
    }

    public void Complete() => _completion.TrySetResult(Granted.ToList());

    public void Fail(Exception exception) => _completion.TrySetException(exception);
}
