using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>Webhooks beside a loop that does nothing but call the same targets.</summary>
internal sealed class WebhooksSection(WebhookLoad load, int calls) : IBenchSection
{
    public const string Title = "webhooks";

    private const string Group = "Webhooks of 2 ms to four targets, on the same cores";
    private const string Bare = "a bare loop, 16 calls at once to each";

    public string Name => Title;

    public IReadOnlyList<BenchStep> Steps =>
    [
        new("calls in a loop", CallAsync),
        new("webhooks", QueueAsync),
    ];

    private async Task CallAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        report.Rate(Group, Bare, await load.CallAsync(calls, cancellationToken)).AddCpu(Environment.CpuUsage.TotalTime - cpu, calls);
    }

    private async Task QueueAsync(BenchReport report, CancellationToken cancellationToken)
    {
        await load.SubmitAsync(calls, cancellationToken);
        var (cpu, commits) = (Environment.CpuUsage.TotalTime, load.Commits);
        var perSecond = await load.DrainAsync(calls, cancellationToken);
        report.Rate(Group, $"jobs of http.request, {WebhookLoad.Targets * WebhookLoad.AtOnce} slots", perSecond, Bare)
            .AddCpu(Environment.CpuUsage.TotalTime - cpu, calls);
        report.Value(Group, "  flushes a webhook", (double)(load.Commits - commits) / calls, "");
    }
}
