namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// How many jobs a tenant had accepted in the last 60 seconds, on a clock that does not jump. Acceptances are kept in slots of
/// 10 ms, counted as if all came at the slot's end: no window ever holds more than allowed, and memory is bounded whatever the
/// limit. Thread-safe.
/// </summary>
internal sealed class AcceptanceWindow(TimeProvider time)
{
    private const int SlotsPerSecond = 100;
    private const int WindowSlots = 60 * SlotsPerSecond;

    private readonly Queue<(long Slot, int Count)> _slots = new();
    private readonly Lock _lock = new();
    private (long Slot, int Count) _newest;
    private int _total;

    public void Add(long timestamp, int count)
    {
        var slot = SlotOf(timestamp) + 1;
        lock (_lock)
        {
            if (_newest.Slot != slot)
            {
                if (_newest.Count > 0)
                    _slots.Enqueue(_newest);
                _newest = (slot, 0);
            }

            _newest.Count += count;
            _total += count;
        }
    }

    /// <summary>The jobs in the window that ends now, and how long until one more is within the limit.</summary>
    public (int Accepted, TimeSpan NextAcceptance) At(long timestamp, int? limit)
    {
        var now = SlotOf(timestamp);
        lock (_lock)
        {
            while (_slots.TryPeek(out var oldest) && oldest.Slot + WindowSlots <= now)
                _total -= _slots.Dequeue().Count;
            if (_newest.Count > 0 && _newest.Slot + WindowSlots <= now)
            {
                _total -= _newest.Count;
                _newest = default;
            }

            return (_total, limit is { } max ? WaitFor(max, now) : TimeSpan.Zero);
        }
    }

    private TimeSpan WaitFor(int limit, long now)
    {
        if (limit == 0)
            return TimeSpan.FromMinutes(1);
        var mustGo = _total - limit + 1;
        foreach (var (slot, count) in _slots.Append(_newest))
        {
            if (mustGo <= 0)
                break;
            mustGo -= count;
            if (mustGo <= 0)
                return TimeSpan.FromSeconds((slot + WindowSlots - now) / (double)SlotsPerSecond);
        }

        return TimeSpan.Zero;
    }

    private long SlotOf(long timestamp) =>
        (long)((Int128)timestamp * SlotsPerSecond / time.TimestampFrequency);
}
