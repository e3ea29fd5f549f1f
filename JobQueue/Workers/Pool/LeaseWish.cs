namespace JobQueue.Workers.Pool;

/// <summary>What the pool asks the store for next.</summary>
/// <param name="Slots">Jobs that would start at once.</param>
/// <param name="Ahead">Jobs of short types to have ready for the slots that will be free in a moment.</param>
internal readonly record struct LeaseWish(int Slots, int Ahead)
{
    /// <summary>
    /// A wish without a free slot does not wait at the store: parked there it would be too small for the slot that becomes free
    /// next.
    /// </summary>
    public TimeSpan Wait => Slots > 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;

    /// <summary>Decides whether to ask now, and for how much. Pure.</summary>
    /// <param name="slots">Slots of the pool.</param>
    /// <param name="held">Jobs that run or wait in memory for a slot.</param>
    /// <param name="target">Jobs to have waiting in memory.</param>
    /// <param name="noneAhead">Whether the last wish without a free slot found nothing: it is not repeated then.</param>
    /// <returns><see langword="null"/> when there is enough.</returns>
    public static LeaseWish? Next(int slots, int held, int target, bool noneAhead)
    {
        var free = Math.Max(0, slots - held);
        var waiting = Math.Max(0, held - slots);
        if (free == 0 && (noneAhead || held >= RefillBelow(slots, target)))
            return null;
        return new LeaseWish(free, Math.Max(0, target - waiting));
    }

    /// <summary>The number of jobs in hand under which it is time to ask again: half of the target, or a free slot.</summary>
    public static int RefillBelow(int slots, int target) => slots + (target / 2);
}
