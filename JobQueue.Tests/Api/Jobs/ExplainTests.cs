using System.Net;
using System.Text.Json.Nodes;
using JobQueue.Access;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Jobs;

/// <summary>Each reason: a job is put there by the API and its explanation is read back.</summary>
public sealed class ExplainTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(_time, ("Retries:BaseDelaySeconds", "0"));
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Scheduled_for_later()
    {
        await WorkerIsPresentAsync();
        var id = (await _acme.SubmitAsync("""{"payload":1,"delay_seconds":300}""")).Id;

        var answer = await ExplainAsync(id);

        Assert.Equal("The job is scheduled to start in 5 minutes.", MessageOf(answer, "scheduled_for_later"));
        Assert.Equal("pending", answer.Text("status"));
        Assert.Equal("2026-01-01T12:05:00.000Z", answer.Text("estimated_start_at"));
        Assert.Null(answer.Json["ahead"]);
        Assert.False(answer.Json["ahead_at_least"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Waiting_for_retry()
    {
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.FailAsync(await _acme.LeaseAsync(), """{"error":{"message":"x"},"retry_after_seconds":90}""");

        // A wait that was asked for is spread by up to a tenth, upwards.
        Assert.Matches("^Attempt 1 failed; retry 1 of 5 starts in 9[0-9] seconds\\.$", MessageOf(await ExplainAsync(id), "waiting_for_retry"));
    }

    [Fact]
    public async Task Queue_paused()
    {
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.PostApiAsync("/queues/default/pause", """{"reason":"Moving house.","until":"2026-01-01T12:10:00Z"}""");
        _time.Advance(TimeSpan.FromMinutes(3));

        var message = MessageOf(await ExplainAsync(id), "queue_paused");

        Assert.Equal("Queue default was paused by token:test 3 minutes ago: Moving house. (for 7 minutes more).", message);
    }

    [Fact]
    public async Task Tenant_concurrency_reached()
    {
        using var admin = await _app.ClientAsync("acme", Scopes.Admin);
        await admin.PutApiAsync("/tenants/acme", """{"max_concurrent":2}""");
        await _acme.SubmitManyAsync(2);
        await _acme.LeasesAsync(more: ""","max":2""");
        var id = (await _acme.SubmitAsync()).Id;

        Assert.Equal("Tenant acme has 2 of at most 2 jobs running.", MessageOf(await ExplainAsync(id), "tenant_concurrency_reached"));
    }

    [Fact]
    public async Task No_worker_for_type_while_others_are_present()
    {
        await WorkerIsPresentAsync(""","types":["print"]""");
        var id = (await _acme.SubmitAsync("""{"payload":1,"type":"mail"}""")).Id;

        var answer = await ExplainAsync(id);

        Assert.Equal("No worker that takes jobs of type mail from queue default has been heard of in the last minute.", MessageOf(answer, "no_worker_for_type"));
        Assert.Null(answer.Json["estimated_start_at"]);
    }

    [Fact]
    public async Task Remote_worker_counts_as_present_for_sixty_seconds_after_its_last_call()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync(more: ""","lease_seconds":3600""");
        var id = (await _acme.SubmitAsync()).Id;
        _time.Advance(TimeSpan.FromSeconds(59));
        await _acme.BeatAsync(lease);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Contains("no_free_worker", CodesOf(await ExplainAsync(id)));

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Contains("no_worker_for_type", CodesOf(await ExplainAsync(id)));
    }

    [Fact]
    public async Task No_free_worker_and_behind_other_jobs()
    {
        await _acme.SubmitAsync();
        await _acme.LeaseAsync();
        await _acme.SubmitManyAsync(2);
        await _acme.SubmitAsync("""{"payload":1,"queue":"other","priority":5}""");
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.SubmitAsync();

        var answer = await ExplainAsync(id);

        Assert.Equal("The one worker for type echo is busy with 1 job.", MessageOf(answer, "no_free_worker"));
        Assert.Equal("3 jobs are ahead.", MessageOf(answer, "behind_other_jobs"));
        Assert.Equal(3, answer.Number("ahead"));
    }

    [Fact]
    public async Task Ahead_is_counted_to_a_thousand_and_only_among_the_tenants_own_jobs()
    {
        using var globex = await _app.ClientAsync("globex", RemoteCalls.AllScopes);
        await globex.SubmitManyAsync(1_200);
        var alone = (await _acme.SubmitAsync()).Id;
        Assert.Equal(0, (await ExplainAsync(alone)).Number("ahead"));
        await _acme.SubmitManyAsync(999);
        var last = (await _acme.SubmitAsync()).Id;
        Assert.Equal((1_000, false), Ahead(await ExplainAsync(last)));

        var later = (await _acme.SubmitAsync()).Id;

        Assert.Equal((1_000, true), Ahead(await ExplainAsync(later)));
        Assert.Contains("More than 1,000 jobs are ahead.", (await ExplainAsync(later)).Text, StringComparison.Ordinal);

        static (int, bool) Ahead(ApiAnswer answer) => (answer.Number("ahead"), answer.Json["ahead_at_least"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Suspect_runs_alone()
    {
        var ids = await _acme.SubmitManyAsync(2);
        for (var crash = 0; crash < JobTransitions.SuspectCrashes; crash++)
        {
            await _acme.LeasesAsync($"w{crash}", ""","max":2,"lease_seconds":5""");
            await _app.LiveAsync(_time, TimeSpan.FromSeconds(6));
        }

        await _app.LiveAsync(_time, TimeSpan.FromMinutes(2));
        var running = await _acme.LeaseAsync("w2", ""","max":2,"lease_seconds":60""");
        var waiting = ids.Single(id => id != running.JobId);

        Assert.Equal(
            "The process died 2 times while this job ran. Such jobs run one at a time, and another one is running.",
            MessageOf(await ExplainAsync(waiting), "suspect_runs_alone"));
        // A worker that runs no suspect yet would take it, but for the pause.
        await _acme.PostApiAsync("/queues/default/pause");
        await _acme.LeasesAsync("w3");
        Assert.DoesNotContain("suspect_runs_alone", CodesOf(await ExplainAsync(waiting)));
    }

    [Fact]
    public async Task Running_and_cancel_requested()
    {
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.LeaseAsync("mailer");
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(["running"], CodesOf(await ExplainAsync(id)));
        await _acme.PostApiAsync($"/jobs/{id}/cancel");

        var answer = await ExplainAsync(id);

        Assert.Equal("Attempt 1 has been running on mailer for 7 seconds.", MessageOf(answer, "running"));
        Assert.Equal("The worker was asked to stop and has not stopped yet.", MessageOf(answer, "cancel_requested"));
        Assert.Equal("running", answer.Text("status"));
    }

    [Fact]
    public async Task Worker_silent()
    {
        var id = (await _acme.SubmitAsync()).Id;
        var lease = await _acme.LeaseAsync();
        _time.Advance(TimeSpan.FromSeconds(21));

        Assert.Equal("The worker has not been heard of for 21 seconds. The job is taken back in 9 seconds.", MessageOf(await ExplainAsync(id), "worker_silent"));
        await _acme.BeatAsync(lease);
        Assert.Equal(["running"], CodesOf(await ExplainAsync(id)));
    }

    [Fact]
    public async Task Worker_is_not_called_silent_because_its_last_lease_is_short()
    {
        var id = (await _acme.SubmitAsync("""{"payload":1,"timeout_seconds":10}""")).Id;
        var lease = await _acme.LeaseAsync(more: ""","lease_seconds":30""");
        Assert.Equal(["running"], CodesOf(await ExplainAsync(id)));
        _time.Advance(TimeSpan.FromSeconds(9));
        await _acme.BeatAsync(lease);
        Assert.Equal(["running"], CodesOf(await ExplainAsync(id)));
    }

    [Theory]
    [InlineData(0, true, "The only attempt failed 2 minutes ago; the job waits in the dead letter queue.")]
    [InlineData(5, false, "Attempt 1 failed with a permanent error 2 minutes ago; the job waits in the dead letter queue.")]
    public async Task Dead_lettered(int maxRetries, bool retryable, string expected)
    {
        var id = (await _acme.SubmitAsync($$"""{"payload":1,"max_retries":{{maxRetries}}}""")).Id;
        await _acme.FailAsync(await _acme.LeaseAsync(), $$"""{"error":{"message":"x"},"retryable":{{(retryable ? "true" : "false")}}}""");
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(expected, MessageOf(await ExplainAsync(id), "dead_lettered"));
    }

    [Fact]
    public async Task Dead_lettered_and_then_discarded()
    {
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.FailAsync(await _acme.LeaseAsync(), """{"error":{"message":"x"},"retryable":false}""");
        (await _acme.DeleteApiAsync($"/dlq/{id}")).Is(HttpStatusCode.NoContent);

        Assert.Equal(["discarded"], CodesOf(await ExplainAsync(id)));
    }

    [Fact]
    public async Task Done()
    {
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.AckAsync(await _acme.LeaseAsync());
        _time.Advance(TimeSpan.FromHours(3));

        Assert.Equal("The job was done 3 hours ago, at attempt 1.", MessageOf(await ExplainAsync(id), "done"));
    }

    [Fact]
    public async Task Target_down()
    {
        const string Call = """{"type":"http.request","payload":{"url":"https://hooks.example/orders"},"max_retries":20}""";
        var id = (await _acme.SubmitAsync(Call)).Id;
        for (var failures = 1; failures <= 5; failures++)
        {
            await _acme.FailAsync(await _acme.LeaseAsync(), """{"error":{"message":"no","type":"http_503"},"retry_after_seconds":3}""");
            await _app.LiveAsync(_time, TimeSpan.FromSeconds(4));
        }

        var answer = await ExplainAsync(id);
        Assert.Equal(
            "https://hooks.example:443 failed 5 times in a row, the last time with http_503, and is left alone. One job will be tried in 26 seconds; the others wait for its answer, and no retry is counted.",
            MessageOf(answer, "target_down"));
        Assert.Null(answer.Json["estimated_start_at"]);
        Assert.Equal("target_down", (await _acme.JobAsync(id)).Text("waiting_for"));

        await _app.LiveAsync(_time, TimeSpan.FromSeconds(26));
        var probe = await _acme.LeaseAsync();
        var other = (await _acme.SubmitAsync(Call)).Id;
        Assert.Contains("One job is being tried;", MessageOf(await ExplainAsync(other), "target_down"));
        await _acme.AckAsync(probe);
        Assert.DoesNotContain("target_down", CodesOf(await ExplainAsync(other)));
        Assert.Equal("worker", (await _acme.JobAsync(other)).Text("waiting_for"));
    }

    [Fact]
    public async Task Target_full()
    {
        var ids = new List<string>();
        for (var i = 0; i < 21; i++)
            ids.Add((await _acme.SubmitAsync("""{"type":"http.request","payload":{"url":"http://hooks.example:8080"}}""")).Id);
        Assert.Equal(20, (await _acme.LeasesAsync("w", ""","max":100""")).Count);

        Assert.Equal(
            "20 calls to http://hooks.example:8080 are under way, the most that one process makes at once.",
            MessageOf(await ExplainAsync(ids[20]), "queue_concurrency_reached"));
        Assert.Equal("queue_limit", (await _acme.JobAsync(ids[20])).Text("waiting_for"));
    }

    [Fact]
    public async Task Cancelled()
    {
        var id = (await _acme.SubmitAsync()).Id;
        await _acme.PostApiAsync($"/jobs/{id}/cancel");

        Assert.Equal("The job was cancelled less than a second ago.", MessageOf(await ExplainAsync(id), "cancelled"));
    }

    [Fact]
    public async Task Job_that_nothing_holds_up_is_not_left_without_a_word()
    {
        using var poll = new CancellationTokenSource();
        var waiting = _acme.PostAsync("/leases", new StringContent("""{"worker":"w","wait_seconds":30,"queues":["other","default"],"types":["print"]}""", System.Text.Encoding.UTF8, "application/json"), poll.Token);
        await Eventually.True(() => _app.Services.GetRequiredService<WorkerDirectory>().All().Any(worker => worker.Waiting), "the worker waits");
        var id = (await _acme.SubmitAsync("""{"payload":1,"type":"mail"}""")).Id;

        Assert.NotEmpty(CodesOf(await ExplainAsync(id)));
        await poll.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Job_that_is_unknown_or_another_tenants_is_not_found()
    {
        var id = (await _acme.SubmitAsync()).Id;
        using var globex = await _app.ClientAsync("globex", RemoteCalls.AllScopes);

        (await globex.GetApiAsync($"/jobs/{id}/explain")).Is(HttpStatusCode.NotFound, "not-found");
        (await _acme.GetApiAsync("/jobs/nonsense/explain")).Is(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<ApiAnswer> ExplainAsync(string id) => (await _acme.GetApiAsync($"/jobs/{id}/explain")).Is(HttpStatusCode.OK);

    private Task WorkerIsPresentAsync(string more = "") => _acme.LeasesAsync("present", more);

    private static IReadOnlyList<string> CodesOf(ApiAnswer answer) =>
        [.. answer.Json["reasons"]!.AsArray().Select(reason => reason!["code"]!.GetValue<string>())];

    private static string MessageOf(ApiAnswer answer, string code) =>
        answer.Json["reasons"]!.AsArray().Select(reason => (JsonObject)reason!).FirstOrDefault(reason => reason["code"]!.GetValue<string>() == code)?["message"]!.GetValue<string>()
        ?? throw new InvalidOperationException($"{code} is not among the reasons: {answer.Text}");
}
