using System.Text.Json;
using JobQueue.Bench;
using JobQueue.Bench.Load;

namespace JobQueue.Tests.Bench;

public sealed class BenchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Small_run_measures_everything_and_leaves_nothing_but_the_database_asked_for()
    {
        var folder = Directory.CreateTempSubdirectory("jobqueue-test-");
        var options = new BenchOptions
        {
            Jobs = 1_000,
            Rounds = 1,
            Workers = 4,
            Existing = 1_000,
            Scheduled = 100,
            Blocked = 100,
            OnceSeconds = 1,
            Database = Path.Combine(folder.FullName, "kept.db"),
        };

        var report = await new BenchRun(options, new BenchProgress(TextWriter.Null, isTerminal: false)).RunAsync(Ct);

        // In so short a time nothing need be refused, take memory, or be shared.
        string[] mayBeNothing = ["calls refused", "memory beyond that before", "ten tenants: the least share of the largest"];
        Assert.All(report.Lines, line => Assert.True(line.Median > 0 || mayBeNothing.Contains(line.Name), line.Name));
        Assert.All(report.Lines.SelectMany(line => line.Ratios), ratio => Assert.True(ratio.Ratio > 0, ratio.Base));
        Assert.Contains(report.Lines, line => line.Name == "drain a backlog");
        Assert.Contains(report.Lines, line => line.Name == "POST /jobs, 64 connections" && line.Waits is { P50: > 0 });
        using var json = JsonDocument.Parse(BenchText.ToJson(report, options));
        Assert.Equal(report.Lines.Count, json.RootElement.GetProperty("figures").GetArrayLength());
        Assert.All(report.Lines, line => Assert.Contains(line.Name, BenchText.Table(report, options), StringComparison.Ordinal));
        Assert.True(File.Exists(options.Database));
        Assert.Empty(folder.GetDirectories("bench-*"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Report_shows_medians_of_values_and_of_the_ratios_inside_each_round()
    {
        var report = new BenchReport();
        foreach (var (raw, store) in new[] { (100.0, 50.0), (10.0, 20.0), (40.0, 30.0) })
        {
            report.Rate("base", "raw", raw);
            report.Rate("store", "submit", store, "raw");
        }

        var line = report.Lines.Single(line => line.Name == "submit");
        Assert.Equal(30, line.Median);
        Assert.Equal(("raw", 0.75), line.Ratios.Single());
    }

    [Fact]
    public void Ratio_to_what_was_not_measured_is_left_out()
    {
        var report = new BenchReport();

        report.Rate("store", "submit", 1, "raw");

        Assert.Empty(report.Lines.Single().Ratios);
    }

    [Fact]
    public void Waits_are_told_by_their_percentiles()
    {
        var waits = Latencies.Of([.. Enumerable.Range(1, 1_000).Reverse().Select(i => i * TimeProvider.System.TimestampFrequency / 1_000)]);

        Assert.Equal(501, waits.P50, precision: 3);
        Assert.Equal(991, waits.P99, precision: 3);
        Assert.Equal(1_000, waits.Max, precision: 3);
    }
}
