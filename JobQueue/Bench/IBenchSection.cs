namespace JobQueue.Bench;

/// <summary>Measurements that belong together. Its steps run once a round, in their order.</summary>
internal interface IBenchSection
{
    /// <summary>As <c>--only</c> names it.</summary>
    string Name { get; }

    IReadOnlyList<BenchStep> Steps { get; }
}

/// <param name="Name">For the progress bar.</param>
/// <param name="MeasureAsync">Adds what it measures to the report.</param>
internal sealed record BenchStep(string Name, Func<BenchReport, CancellationToken, Task> MeasureAsync);
