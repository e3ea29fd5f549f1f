namespace JobQueue.Bench.Load;

/// <summary>The waits of many calls, in milliseconds.</summary>
internal readonly record struct Latencies(double P50, double P99, double Max)
{
    /// <param name="ticks">Waits in ticks of <see cref="TimeProvider.System"/>. Sorted by this call.</param>
    public static Latencies Of(long[] ticks)
    {
        if (ticks.Length == 0)
            return default;
        Array.Sort(ticks);
        return new Latencies(Milliseconds(At(0.50)), Milliseconds(At(0.99)), Milliseconds(ticks[^1]));

        long At(double part) => ticks[Math.Min(ticks.Length - 1, (int)(ticks.Length * part))];
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / TimeProvider.System.TimestampFrequency;
}
