namespace JobQueue.Bench;

/// <summary>What the server costs while nobody wants anything.</summary>
internal sealed class IdleSection(TimeSpan duration) : IBenchSection
{
    /// <summary>What the measurements before left to do.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    public string Name => "idle";

    public IReadOnlyList<BenchStep> Steps => [new("an idle server", MeasureAsync)];

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        await Task.Delay(duration, TimeProvider.System, cancellationToken);
        report.Value("Process", "an idle server", (Environment.CpuUsage.TotalTime - cpu) / duration * 100, "% of a core");
    }
}
