namespace JobQueue.Bench.Load;

/// <summary>What came of a load.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="WaitsByStatus">How long each answer took, in ticks of the stopwatch.</param>
internal sealed record HttpFigures(TimeSpan Elapsed, IReadOnlyDictionary<int, List<long>> WaitsByStatus)
{
    public int Answered => WaitsByStatus.Values.Sum(waits => waits.Count);

    public double PerSecond => Answered / Elapsed.TotalSeconds;

    public Latencies Waits => Latencies.Of([.. WaitsByStatus.Values.SelectMany(waits => waits)]);
}
