namespace JobQueue.Bench.Sections;

/// <summary>What the server costs while nobody wants anything.</summary>
internal sealed class IdleSection(TimeSpan duration) : IBenchSection
{
    public string Name => "idle";

    public IReadOnlyList<BenchStep> Steps => [new("an idle server", MeasureAsync)];

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        // What the measurements before left to do is done first.
        await Task.Delay(duration, TimeProvider.System, cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(duration, TimeProvider.System, cancellationToken);
        report.Value("Process", "an idle server", (Environment.CpuUsage.TotalTime - cpu) / duration * 100, "% of a core");
    }
}
