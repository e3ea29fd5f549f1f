namespace JobQueue.Configuration;

/// <summary>
/// Gives the memory that a burst took back to the system. The runtime keeps what its heap once needed until collections show that it
/// does not any more, and an idle server allocates too little for one: sixteen clients with bodies of 15 MB left 1.5 GB resident, of
/// which 40 MB were in use.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private const int Megabyte = 1 << 20;

    /// <summary>What a heap may keep.</summary>
    public const long Kept = 128L * Megabyte;

    /// <summary>Who allocates more between two looks is at work, and collects by itself.</summary>
    public const long IdleAllocations = 16L * Megabyte;

    /// <summary>
    /// Collections after a burst: pooled buffers are let go by those that follow the first one half a minute and more later, and what they
    /// held is collected by the next.
    /// </summary>
    public const int Rounds = 4;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(35);

    /// <summary>Whether there is something to give back, and nobody whom it would keep waiting. Pure.</summary>
    /// <param name="committed">Bytes that the heap holds of the system's memory.</param>
    /// <param name="recent">Bytes allocated since the last look.</param>
    /// <param name="rounds">Collections since the last burst.</param>
    public static bool IsWorthwhile(long committed, long recent, int rounds) =>
        committed > Kept && recent < IdleAllocations && rounds < Rounds;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (seen, rounds, last) = (0L, 0, 0L);
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            var recent = GC.GetTotalAllocatedBytes() - seen;
            if (recent >= IdleAllocations)
                rounds = 0;
            if (IsWorthwhile(GC.GetGCMemoryInfo().TotalCommittedBytes, recent, rounds) && (rounds == 0 || time.GetElapsedTime(last) >= BetweenRounds))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                (rounds, last) = (rounds + 1, time.GetTimestamp());
            }

            seen = GC.GetTotalAllocatedBytes();
        }
    }
}
