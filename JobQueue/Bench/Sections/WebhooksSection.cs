using System.Diagnostics;
using System.Text;
using JobQueue.Bench.Load;
using JobQueue.Bench.Raw;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;

namespace JobQueue.Bench.Sections;

/// <summary>Webhooks to four targets that take 2 ms for each, beside a loop that does nothing but call them.</summary>
internal sealed class WebhooksSection(BenchOptions options, BenchScratch scratch, int calls) : IBenchSection
{
    private const string Group = "Webhooks of 2 ms to four targets, on the same cores";
    private const string Bare = "a bare loop, 16 calls at once to each";
    private const int Targets = 4;
    private const int AtOnce = 16;
    private const int Batch = 1_000;

    private static readonly TimeSpan Takes = TimeSpan.FromMilliseconds(2);

    private readonly byte[] _body = BenchPayload.Create(options.PayloadBytes);
    private readonly int _each = Math.Max(1, calls / Targets / AtOnce);

    public string Name => "webhooks";

    public IReadOnlyList<BenchStep> Steps => [new("webhooks", MeasureAsync)];

    private int Calls => _each * Targets * AtOnce;

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        var targets = Enumerable.Range(0, Targets).Select(_ => new SlowTarget(Takes)).ToList();
        try
        {
            await CallAsync(targets, report, cancellationToken);
            await QueueAsync(targets, report, cancellationToken);
        }
        finally
        {
            targets.ForEach(target => target.Dispose());
        }
    }

    private async Task CallAsync(List<SlowTarget> targets, BenchReport report, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var cpu = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(targets.SelectMany(target => Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            for (var i = 0; i < _each; i++)
            {
                using var content = new ByteArrayContent(_body);
                using var answer = await http.PostAsync(new Uri($"http://{target.Authority}/"), content, cancellationToken);
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            }
        })));
        report.Rate(Group, Bare, Calls / Stopwatch.GetElapsedTime(started).TotalSeconds).AddCpu(Environment.CpuUsage.TotalTime - cpu, Calls);
    }

    private async Task QueueAsync(List<SlowTarget> targets, BenchReport report, CancellationToken cancellationToken)
    {
        var allowed = targets.Select((target, index) => $"--Handlers:Http:AllowedPrivateHosts:{index}={target.Authority}");
        await using var server = await BenchServer.StartAsync(
            options with { Workers = Targets * AtOnce, Settings = [.. options.Settings, .. allowed] }, scratch, scratch.PathOf("webhooks.db"), cancellationToken);
        var submissions = Enumerable.Range(0, Calls).Select(number => Create(server, targets[number % Targets])).ToList();
        foreach (var batch in submissions.Chunk(Batch))
            await server.Store.SubmitManyAsync(batch, cancellationToken);
        var cpu = Environment.CpuUsage.TotalTime;
        var perSecond = await new StoreLoad(server, options.PayloadBytes).DrainAsync(Calls, cancellationToken);
        report.Rate(Group, $"jobs of http.request, {Targets * AtOnce} slots", perSecond, Bare).AddCpu(Environment.CpuUsage.TotalTime - cpu, Calls);
    }

    private Submission Create(BenchServer server, SlowTarget target) => new()
    {
        Tenant = server.Tenant,
        Queue = BenchServer.Backlog,
        Type = JobTarget.HttpType,
        Payload = Encoding.UTF8.GetBytes($$"""{"url":"http://{{target.Authority}}/","body":{{Encoding.UTF8.GetString(_body)}} }"""),
        MaxRetries = 5,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };
}
