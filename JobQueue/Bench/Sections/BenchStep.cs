namespace JobQueue.Bench.Sections;

/// <param name="Name">For the progress bar.</param>
/// <param name="MeasureAsync">Adds what it measures to the report.</param>
internal sealed record BenchStep(string Name, Func<BenchReport, CancellationToken, Task> MeasureAsync);
