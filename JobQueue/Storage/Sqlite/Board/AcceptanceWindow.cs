namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// How many jobs a tenant had accepted in the last 60 seconds, on a clock that does not jump. Acceptances are kept in slots of
/// 10 ms, counted as if all came at the slot's end: no window ever holds more than allowed, and memory is bounded whatever the
/// limit. Thread-safe: the writer alone adds, anyone may look, and looking changes nothing, so that a look from outside, which
/// is later than the transaction under way, does not open the window too early for it.
/// </summary>
internal sealed class AcceptanceWindow(TimeProvider time)
{
    private const int SlotsPerSecond = 100;
    private const int WindowSlots = 60 * SlotsPerSecond;

    private readonly Queue<(long Slot, int Count)> _slots = new();
    private readonly Lock _lock = new();
    private readonly List<(long Slot, int Count)> _uncommitted = [];
    private (long Slot, int Count) _newest;
    private int _total;

    public void Add(long timestamp, int count)
    {
        var now = SlotOf(timestamp);
        lock (_lock)
        {
            while (_slots.TryPeek(out var oldest) && HasLeft(oldest.Slot, now))
                _total -= _slots.Dequeue().Count;
            if (_newest.Slot != now + 1)
            {
                if (_newest.Count > 0)
                    _slots.Enqueue(_newest);
                _newest = (now + 1, 0);
            }

            _newest.Count += count;
            _total += count;
            if (_uncommitted.Count > 0 && _uncommitted[^1].Slot == _newest.Slot)
                count += _uncommitted[^1].Count;
            else
                _uncommitted.Add(default);
            _uncommitted[^1] = (_newest.Slot, count);
        }
    }

    /// <summary>What was added is on disk.</summary>
    public void Keep()
    {
        lock (_lock)
            _uncommitted.Clear();
    }

    /// <summary>Takes out what was added since <see cref="Keep"/>: the transaction that accepted it was rolled back.</summary>
    public void Undo()
    {
        lock (_lock)
        {
            foreach (var (slot, count) in _uncommitted)
            {
                for (var i = _slots.Count; i > 0; i--)
                {
                    var each = _slots.Dequeue();
                    _slots.Enqueue(each.Slot == slot ? (slot, each.Count - count) : each);
                }

                if (_newest.Slot == slot)
                    _newest.Count -= count;
            }

            _uncommitted.Clear();
            _total = _slots.Sum(each => each.Count) + _newest.Count;
        }
    }

    /// <summary>The jobs in the window that ends now, and how long until one more is within the limit.</summary>
    public (int Accepted, TimeSpan NextAcceptance) At(long timestamp, int? limit)
    {
        var now = SlotOf(timestamp);
        lock (_lock)
        {
            var accepted = HasLeft(_newest.Slot, now) ? 0 : _total - Left(now);
            return (accepted, limit is { } max ? WaitFor(max, accepted, now) : TimeSpan.Zero);
        }
    }

    /// <summary>How many have left the window since the last was added.</summary>
    private int Left(long now)
    {
        var left = 0;
        foreach (var (slot, count) in _slots)
        {
            if (!HasLeft(slot, now))
                break;
            left += count;
        }

        return left;
    }

    private TimeSpan WaitFor(int limit, int accepted, long now)
    {
        if (limit == 0)
            return TimeSpan.FromMinutes(1);
        var mustGo = accepted - limit + 1;
        if (mustGo <= 0)
            return TimeSpan.Zero;
        foreach (var (slot, count) in _slots.Append(_newest).SkipWhile(each => HasLeft(each.Slot, now)))
        {
            mustGo -= count;
            if (mustGo <= 0)
                return TimeSpan.FromSeconds((slot + WindowSlots - now) / (double)SlotsPerSecond);
        }

        return TimeSpan.Zero;
    }

    private static bool HasLeft(long slot, long now) => slot + WindowSlots <= now;

    private long SlotOf(long timestamp) =>
        (long)((Int128)timestamp * SlotsPerSecond / time.TimestampFrequency);
}
