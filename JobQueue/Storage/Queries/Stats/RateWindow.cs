namespace JobQueue.Storage.Queries.Stats;

/// <summary>The last 60 seconds made of buckets of a minute: the present one whole, the one before by the part that still counts. Pure.</summary>
internal readonly record struct RateWindow(DateTimeOffset Now)
{
    private int Present => (int)(Now.ToUnixTimeSeconds() / 60);

    /// <summary>The first minute that counts, since 1970.</summary>
    public int First => Present - 1;

    public static RateWindow At(DateTimeOffset now) => new(now);

    public double Weight(int minute) => minute == Present ? 1 : 1 - (Now.ToUnixTimeMilliseconds() % 60_000 / 60_000.0);

    /// <summary>How long ago something was due; never negative, also when the clock went back.</summary>
    public TimeSpan Since(DateTimeOffset due) => Now > due ? Now - due : TimeSpan.Zero;
}
