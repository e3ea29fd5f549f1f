using System.Net;
using System.Text.Json;
using JobQueue.Access;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Telemetry;

/// <summary>The log file as people and programs read it.</summary>
public sealed class JobEventLogTests
{
    private static readonly JobEvent Happened = new()
    {
        Kind = JobEventKind.Submitted,
        JobId = new JobId(Guid.Parse("0197b0e0-1111-7222-8333-444455556666")),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = "default",
        Type = "echo",
        Status = JobStatus.Pending,
        At = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero),
        Trace = TraceParent.Read(Convert.FromHexString("0123456789abcdef0123456789abcdef"), default),
    };

    [Fact]
    public async Task Each_event_of_a_job_is_one_line_with_job_trace_and_tenant()
    {
        await using var app = await QueueApp.StartAsync();
        JobEventKind[] kinds =
        [
            JobEventKind.Submitted, JobEventKind.Started, JobEventKind.Done, JobEventKind.Failed, JobEventKind.RetryScheduled,
            JobEventKind.DeadLettered, JobEventKind.Requeued, JobEventKind.Cancelled, JobEventKind.LeaseExpired,
        ];

        Publish(app, [.. kinds.Select(kind => Happened with { Kind = kind })]);

        var lines = await JobLinesAsync(app);
        Assert.Equal(
            ["JobSubmitted", "JobStarted", "JobFinished", "JobFailed", "JobRetryScheduled", "JobDeadLettered", "JobRequeued", "JobCancelled", "JobLeaseExpired"],
            lines.Select(line => line.GetProperty("EventId").GetProperty("Name").GetString()));
        Assert.All(lines, line =>
        {
            Assert.Equal("0197b0e0-1111-7222-8333-444455556666", line.GetProperty("JobId").GetString());
            Assert.Equal("0123456789abcdef0123456789abcdef", line.GetProperty("TraceId").GetString());
            Assert.Equal("acme", line.GetProperty("Tenant").GetString());
            Assert.Equal("0123456789abcdef0123456789abcdef", line.GetProperty("@tr").GetString());
            Assert.Equal(Happened.At, line.GetProperty("@t").GetDateTimeOffset());
        });
    }

    [Fact]
    public async Task Times_are_written_so_that_lines_sort_by_them_and_reasons_in_the_words_of_the_api()
    {
        await using var app = await QueueApp.StartAsync();

        Publish(app, [Happened with { Kind = JobEventKind.DeadLettered, Reason = FailReason.PermanentError, At = Happened.At.AddMilliseconds(-89) }]);

        var line = Assert.Single(await JobLinesAsync(app));
        Assert.Equal("2026-02-03T04:05:06.7000000Z", line.GetProperty("@t").GetString());
        Assert.Equal("permanent_error", line.GetProperty("Reason").GetString());
        Assert.All(await app.LogLinesAsync(), each => Assert.Equal(28, JsonDocument.Parse(each).RootElement.GetProperty("@t").GetString()!.Length));
    }

    [Fact]
    public async Task Refused_request_has_a_line_at_debug_that_its_trace_id_finds()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Logging:LogLevel:JobQueue.Api"] = "Debug" },
        });
        using var client = await app.ClientAsync("acme", Scopes.JobsSubmit);

        var trace = (await client.PostApiAsync("/jobs", """{"payload":1,"priorty":1}""")).Is(HttpStatusCode.BadRequest, "invalid-fields").Json["trace_id"];

        var line = Assert.Single(await app.LogLinesAsync(), line => line.Contains((string)trace!, StringComparison.Ordinal));
        Assert.Contains("invalid-fields", line, StringComparison.Ordinal);
        Assert.DoesNotContain("priorty", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_is_logged_with_its_type_and_the_first_500_characters()
    {
        await using var app = await QueueApp.StartAsync();
        var message = new string('a', 499) + "\U0001F600" + new string('b', 100);

        Publish(app, [Happened with { Kind = JobEventKind.Failed, Attempt = 2, Worker = "pool", Error = new JobError(message, "TimeoutException") }]);

        var line = Assert.Single(await JobLinesAsync(app));
        Assert.Equal(new string('a', 499), line.GetProperty("ErrorMessage").GetString());
        Assert.Equal("TimeoutException", line.GetProperty("ErrorType").GetString());
        Assert.Equal((2, "pool"), (line.GetProperty("Attempt").GetInt32(), line.GetProperty("Worker").GetString()));
        Assert.Equal("Warning", line.GetProperty("@l").GetString());
    }

    [Fact]
    public async Task Hostile_text_stays_on_its_line_and_comes_back_as_it_was()
    {
        await using var app = await QueueApp.StartAsync();
        var hostile = "\"}\r\n{\"@mt\":\"forged\"}\u0000\u001b[31m\u2028ü";

        Publish(app, [Happened with { Kind = JobEventKind.Failed, Worker = hostile, Error = new JobError("lone \ud800 surrogate", hostile) }]);

        var line = Assert.Single(await JobLinesAsync(app));
        Assert.Equal(hostile, line.GetProperty("Worker").GetString());
        Assert.Equal(hostile.Replace('\0', '\uFFFD'), line.GetProperty("ErrorType").GetString());
        Assert.Equal("lone \ufffd surrogate", line.GetProperty("ErrorMessage").GetString());
    }

    [Fact]
    public async Task Job_lines_can_be_turned_off_by_the_usual_setting()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Logging:LogLevel:JobQueue.Telemetry.JobEventLog"] = "Warning" },
        });

        Publish(app, [Happened, Happened with { Kind = JobEventKind.DeadLettered }]);

        Assert.Equal("JobDeadLettered", Assert.Single(await JobLinesAsync(app)).GetProperty("EventId").GetProperty("Name").GetString());
    }

    private static void Publish(QueueApp app, IReadOnlyList<JobEvent> batch) =>
        app.Services.GetRequiredService<JobFeed>().Publish(batch);

    private static async Task<IReadOnlyList<JsonElement>> JobLinesAsync(QueueApp app) =>
        (await app.LogLinesAsync()).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("JobId", out _)).ToList();
}
