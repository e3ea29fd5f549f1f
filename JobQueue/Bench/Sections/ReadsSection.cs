using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using JobQueue.Bench.Load;

namespace JobQueue.Bench.Sections;

/// <summary>What people and programs look at, in a database full of jobs: how long the server takes to answer.</summary>
internal sealed class ReadsSection(BenchServer server) : IBenchSection
{
    private const string Group = "Reads in a full database";
    private const int Samples = 50;

    public string Name => "reads";

    public IReadOnlyList<BenchStep> Steps => [new("reads in a full database", MeasureAsync)];

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        string next;
        await using (var first = await client.GetStreamAsync("/jobs", cancellationToken))
            next = (await JsonDocument.ParseAsync(first, default, cancellationToken)).RootElement.GetProperty("next_cursor").GetString()!;
        foreach (var (name, path) in (IEnumerable<(string, string)>)
        [
            ("jobs, first page", "/jobs"),
            ("jobs, next page", $"/jobs?cursor={Uri.EscapeDataString(next)}"),
            ("jobs that failed", "/jobs?status=failed"),
            ("jobs that wait", "/jobs?status=pending"),
            ("jobs by a text in none", "/jobs?q=nowhere"),
            ("dead letters", "/dlq"),
            ("dead letters in groups", "/dlq/groups"),
            ("counts", "/stats"),
            ("queues", "/queues"),
        ])
        {
            await TakeAsync(report, name, token => client.GetByteArrayAsync(path, token), cancellationToken);
        }

        await TakeAsync(report, "overview", server.ReadOverviewAsync, cancellationToken);
    }

    private static async Task TakeAsync(
        BenchReport report, string name, Func<CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        await read(cancellationToken);
        var waits = new long[Samples];
        for (var i = 0; i < Samples; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await read(cancellationToken);
            waits[i] = Stopwatch.GetTimestamp() - started;
        }

        var latencies = Latencies.Of(waits);
        report.Value(Group, name, latencies.P50, "ms").AddWaits(latencies);
    }
}
