using System.Net;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Telemetry;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Telemetry;

public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jobqueue_jobs_submitted_total{queue=\"default\",type=\"echo\"} 0")]
    [InlineData("jobqueue_jobs_done_total{queue=\"default\",type=\"echo\"} 0")]
    [InlineData("jobqueue_jobs_failed_total{queue=\"default\",type=\"echo\"} 0")]
    [InlineData("jobqueue_job_retries_total{queue=\"default\",type=\"echo\"} 0")]
    [InlineData("jobqueue_jobs{status=\"pending\"} 0")]
    [InlineData("jobqueue_jobs{status=\"running\"} 0")]
    [InlineData("jobqueue_jobs{status=\"done\"} 0")]
    [InlineData("jobqueue_jobs{status=\"failed\"} 0")]
    [InlineData("jobqueue_job_duration_seconds_count{queue=\"default\",type=\"echo\"} 0")]
    [InlineData("jobqueue_job_wait_seconds_count{queue=\"default\",type=\"echo\"} 0")]
    [InlineData("jobqueue_submissions_refused_total{reason=\"rate\"} 0")]
    [InlineData("jobqueue_leases_lost_total 0")]
    [InlineData("jobqueue_store_commit_seconds_bucket{le=\"+Inf\"} ")]
    [InlineData("jobqueue_store_log_bytes 0")]
    [InlineData("jobqueue_store_batch_size_bucket{le=\"+Inf\"} ")]
    public async Task Every_metric_is_there_from_the_start(string line)
    {
        await using var app = await QueueApp.StartAsync();

        Assert.Contains(line, await MetricsAsync(app), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_want_a_token_with_their_scope()
    {
        await using var app = await QueueApp.StartAsync();
        using var nobody = app.Client();
        using var reader = await app.ClientAsync("acme", "jobs:read");
        using var monitor = await app.ClientAsync("acme", "metrics:read");
        using var administrator = await app.ClientAsync("acme", "admin");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(nobody));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(reader));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(monitor));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(administrator));
    }

    [Fact]
    public async Task Metrics_may_be_opened_by_a_setting()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Metrics:RequireToken"] = "false" },
        });
        using var nobody = app.Client();

        var answer = await nobody.GetAsync("/metrics", Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Committed_events_are_counted_by_queue_and_type()
    {
        await using var app = await QueueApp.StartAsync();
        Publish(app, Event("mail", "send", JobEventKind.Submitted));
        Publish(app, Event("mail", "send", JobEventKind.Started) with { Wait = TimeSpan.FromSeconds(2) });
        Publish(app, Event("mail", "send", JobEventKind.Failed) with { Duration = TimeSpan.FromSeconds(3) });
        Publish(app, Event("mail", "send", JobEventKind.RetryScheduled));
        Publish(app, Event("mail", "send", JobEventKind.LeaseExpired));
        Publish(app, Event("mail", "send", JobEventKind.DeadLettered));
        Publish(app, Event("mail", "send", JobEventKind.Done) with { Duration = TimeSpan.FromSeconds(4) });

        var metrics = await MetricsAsync(app);

        Assert.Contains("jobqueue_jobs_submitted_total{queue=\"mail\",type=\"send\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("jobqueue_jobs_done_total{queue=\"mail\",type=\"send\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("jobqueue_jobs_failed_total{queue=\"mail\",type=\"send\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("jobqueue_job_retries_total{queue=\"mail\",type=\"send\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("jobqueue_job_wait_seconds_sum{queue=\"mail\",type=\"send\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("jobqueue_job_duration_seconds_sum{queue=\"mail\",type=\"send\"} 7", metrics, StringComparison.Ordinal);
        Assert.Contains("jobqueue_leases_lost_total 1", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_of_labels_is_bounded()
    {
        await using var app = await QueueApp.StartAsync();
        for (var number = 0; number < 2 * QueueMetrics.MaxLanes; number++)
            Publish(app, Event($"queue-{number}", "send", JobEventKind.Submitted));

        var series = (await MetricsAsync(app)).Split('\n').Where(line => line.StartsWith("jobqueue_jobs_submitted_total{", StringComparison.Ordinal)).ToList();

        Assert.Equal(QueueMetrics.MaxLanes + 1, series.Count);
        Assert.Contains("jobqueue_jobs_submitted_total{queue=\"other\",type=\"other\"} 201", series);
    }

    [Fact]
    public async Task Two_servers_in_one_process_count_apart()
    {
        await using var one = await QueueApp.StartAsync();
        await using var other = await QueueApp.StartAsync();
        Publish(one, Event("default", "echo", JobEventKind.Submitted));

        Assert.Contains("jobqueue_jobs_submitted_total{queue=\"default\",type=\"echo\"} 1", await MetricsAsync(one), StringComparison.Ordinal);
        Assert.Contains("jobqueue_jobs_submitted_total{queue=\"default\",type=\"echo\"} 0", await MetricsAsync(other), StringComparison.Ordinal);
    }

    private static JobEvent Event(string queue, string type, JobEventKind kind) => new()
    {
        Kind = kind,
        JobId = new JobId(Guid.CreateVersion7()),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = queue,
        Type = type,
        Status = JobStatus.Pending,
        At = TimeProvider.System.GetUtcNow(),
    };

    private static void Publish(QueueApp app, JobEvent happened) => app.Services.GetRequiredService<JobFeed>().Publish([happened]);

    private static async Task<string> MetricsAsync(QueueApp app)
    {
        using var client = await app.ClientAsync("acme", "metrics:read");
        return await client.GetStringAsync("/metrics", Cancellation);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client) => (await client.GetAsync("/metrics", Cancellation)).StatusCode;
}
