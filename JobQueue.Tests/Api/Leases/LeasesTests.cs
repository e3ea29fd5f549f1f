using System.Net;
using JobQueue.Access;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Leases;

public sealed class LeasesTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(_time);
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Job_goes_through_lease_heartbeat_and_ack()
    {
        var id = (await _acme.SubmitAsync("""{"payload":{"n":1.50},"type":"mail","queue":"out"}""")).Id;

        var lease = await _acme.LeaseAsync("mailer", ""","types":["mail"],"queues":["out","in"],"lease_seconds":20""");
        Assert.Equal(id, lease.JobId);
        Assert.Equal("2026-01-01T12:00:20.000Z", lease.Json["lease_expires_at"]!.GetValue<string>());
        Assert.Equal(1, lease.Json["attempt"]!.GetValue<int>());
        Assert.Equal("""{"n":1.50}""", lease.Json["job"]!["payload"]!.ToJsonString());
        var running = await _acme.JobAsync(id);
        Assert.Equal(("running", "mailer"), (running.Text("status"), running.Text("worker")));

        _time.Advance(TimeSpan.FromSeconds(10));
        var beat = (await _acme.BeatAsync(lease)).Is(HttpStatusCode.OK);
        Assert.Equal("""{"lease_expires_at":"2026-01-01T12:00:30.000Z","cancel_requested":false}""", beat.Text);

        var done = (await _acme.AckAsync(lease, """{"result":{"sent":1.0e2}}""")).Is(HttpStatusCode.OK);
        Assert.Equal("done", done.Text("status"));
        Assert.Contains("\"result\":{\"sent\":1.0e2}", done.Text, StringComparison.Ordinal);
        Assert.Equal(["done"], await _acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Without_a_job_the_answer_is_empty() => Assert.Empty(await _acme.LeasesAsync());

    [Fact]
    public async Task As_many_jobs_are_leased_as_are_asked_for()
    {
        await _acme.SubmitManyAsync(5);

        Assert.Equal(3, (await _acme.LeasesAsync(more: ""","max":3""")).Count);
        Assert.Equal(2, (await _acme.LeasesAsync(more: ""","max":100""")).Count);
    }

    [Fact]
    public async Task Jobs_of_other_queues_and_types_are_left_alone()
    {
        await _acme.SubmitAsync("""{"payload":1,"type":"mail","queue":"out"}""");

        Assert.Empty(await _acme.LeasesAsync(more: ""","types":["print"]"""));
        Assert.Empty(await _acme.LeasesAsync(more: ""","queues":["in"]"""));
    }

    [Fact]
    public async Task What_a_heartbeat_carries_is_readable_when_it_is_answered()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        (await _acme.BeatAsync(lease, """{"progress":{"percent":12.5,"message":"begun"},"log":"one\ntwo\r\n\nfour\n"}""")).Is(HttpStatusCode.OK);

        Assert.Equal("""{"percent":12.5,"message":"begun"}""", (await _acme.JobAsync(lease.JobId)).Json["progress"]!.ToJsonString());
        var lines = (await _acme.GetApiAsync($"/jobs/{lease.JobId}/logs")).Items;
        Assert.Equal(["one", "two", "", "four"], lines.Select(line => line["message"]!.GetValue<string>()));
        Assert.All(lines, line => Assert.Equal(1, line["attempt"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Log_of_an_attempt_ends_with_a_word_about_what_was_dropped()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();
        var lines = string.Join("\\n", Enumerable.Range(0, JobText.MaxLogLines - 1));

        (await _acme.BeatAsync(lease, $$"""{"log":"{{lines}}"}""")).Is(HttpStatusCode.OK);
        (await _acme.BeatAsync(lease, """{"log":"last\ntoo much\nmuch too much"}""")).Is(HttpStatusCode.OK);
        (await _acme.BeatAsync(lease, """{"log":"nobody reads this"}""")).Is(HttpStatusCode.OK);

        var page = await _acme.GetApiAsync($"/jobs/{lease.JobId}/logs?limit=200");
        var all = page.Items.ToList();
        while (page.NextCursor is { } cursor)
        {
            page = await _acme.GetApiAsync($"/jobs/{lease.JobId}/logs?limit=200&cursor={cursor}");
            all.AddRange(page.Items);
        }

        Assert.Equal(JobText.MaxLogLines + 1, all.Count);
        Assert.Equal(["last", JobText.LogLimit], all.TakeLast(2).Select(line => line["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Result_that_is_null_and_no_result_are_both_done()
    {
        await _acme.SubmitManyAsync(2);
        var leases = await _acme.LeasesAsync(more: ""","max":2""");

        Assert.Equal("done", (await _acme.AckAsync(leases[0])).Is(HttpStatusCode.OK).Text("status"));
        Assert.Equal("done", (await _acme.AckAsync(leases[1], """{"result":null}""")).Is(HttpStatusCode.OK).Text("status"));
    }

    [Fact]
    public async Task Failed_attempt_is_retried_not_before_the_time_its_worker_asks_for()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        var answer = (await _acme.FailAsync(lease, """{"error":{"message":"no paper","type":"Printer"},"retry_after_seconds":600}""")).Is(HttpStatusCode.OK);

        Assert.Equal(("pending", "retry", 1), (answer.Text("status"), answer.Text("waiting_for"), answer.Number("retries")));
        // Spread by up to a tenth, upwards.
        Assert.InRange(answer.Text("run_at")!, "2026-01-01T12:10:00.000Z", "2026-01-01T12:11:00.000Z");
        Assert.Equal("""{"message":"no paper","type":"Printer"}""", answer.Json["error"]!.ToJsonString());
        Assert.Empty(await _acme.LeasesAsync());
    }

    [Fact]
    public async Task Permanent_failure_goes_to_the_dead_letters_at_once()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        var answer = (await _acme.FailAsync(lease, """{"error":{"message":""},"retryable":false}""")).Is(HttpStatusCode.OK);

        Assert.Equal(("failed", "permanent_error"), (answer.Text("status"), answer.Text("reason")));
        Assert.True(answer.Json["dead_lettered"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Released_job_is_ready_again_and_nothing_is_counted()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        var answer = (await _acme.ReleaseAsync(lease)).Is(HttpStatusCode.OK);

        Assert.Equal(("pending", 0, 0), (answer.Text("status"), answer.Number("retries"), answer.Number("crashes")));
        Assert.Equal(lease.JobId, (await _acme.LeaseAsync("w2")).JobId);
    }

    [Fact]
    public async Task Silent_worker_loses_its_lease_to_another_and_changes_nothing_any_more()
    {
        var id = (await _acme.SubmitAsync()).Id;
        var first = await _acme.LeaseAsync("first", ""","lease_seconds":5""");
        await _app.LiveAsync(_time, TimeSpan.FromSeconds(7));
        var second = await _acme.LeaseAsync("second", ""","lease_seconds":5""");
        Assert.Equal(id, second.JobId);

        foreach (var late in (Task<ApiAnswer>[])
            [_acme.AckAsync(first, """{"result":"first"}"""), _acme.FailAsync(first), _acme.ReleaseAsync(first), _acme.BeatAsync(first, """{"log":"first","progress":{"percent":99}}""")])
        {
            var lost = (await late).Is(HttpStatusCode.Conflict, "lease-lost");
            Assert.Equal($$"""{"id":"{{id}}","status":"running","reason":null,"cancel_requested":false}""", lost.Json["job"]!.ToJsonString());
        }

        var job = await _acme.JobAsync(id);
        Assert.Equal(("running", "second", 1), (job.Text("status"), job.Text("worker"), job.Number("crashes")));
        Assert.Null(job.Json["progress"]);
        Assert.Empty((await _acme.GetApiAsync($"/jobs/{id}/logs")).Items);
        Assert.Equal("second", (await _acme.AckAsync(second, """{"result":"second"}""")).Is(HttpStatusCode.OK).Text("result"));
        Assert.Equal(["crashed", "done"], await _acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Lease_that_ran_out_is_lost_also_before_anybody_looked()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync(more: ""","lease_seconds":5""");

        _time.Advance(TimeSpan.FromSeconds(7));

        (await _acme.AckAsync(lease)).Is(HttpStatusCode.Conflict, "lease-lost");
    }

    [Fact]
    public async Task Lease_token_is_good_for_one_settlement()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();
        (await _acme.AckAsync(lease)).Is(HttpStatusCode.OK);

        var again = (await _acme.AckAsync(lease)).Is(HttpStatusCode.Conflict, "lease-lost");

        Assert.Equal("done", again.Json["job"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Lease_of_another_tenant_and_a_made_up_token_are_as_good_as_lost()
    {
        var id = (await _acme.SubmitAsync()).Id;
        var lease = await _acme.LeaseAsync();
        using var globex = await _app.ClientAsync("globex", RemoteCalls.AllScopes);

        foreach (var token in (string[])[lease.Token, "nonsense", new string('A', 32)])
        {
            foreach (var verb in (string[])["heartbeat", "ack", "release"])
                Assert.Null((await globex.PostApiAsync($"/leases/{token}/{verb}")).Is(HttpStatusCode.Conflict, "lease-lost").Json["job"]);
        }

        Assert.Equal("running", (await _acme.JobAsync(id)).Text("status"));
        Assert.Empty(await globex.LeasesAsync());
    }

    [Fact]
    public async Task Administrator_gets_jobs_of_every_tenant_unless_he_names_one()
    {
        using var globex = await _app.ClientAsync("globex", RemoteCalls.AllScopes);
        using var admin = await _app.ClientAsync("acme", Scopes.Admin);
        await _acme.SubmitAsync();
        await globex.SubmitAsync();

        var named = (await admin.PostApiAsync("/leases?tenant=globex", """{"worker":"a","max":10}""")).Is(HttpStatusCode.OK);
        Assert.Equal("globex", Assert.Single(named.Items)["job"]!["tenant"]!.GetValue<string>());
        var lease = await admin.LeaseAsync("a", ""","max":10""");
        (await admin.AckAsync(lease)).Is(HttpStatusCode.OK);
        (await _acme.PostApiAsync("/leases?tenant=globex", """{"worker":"a"}""")).Is(HttpStatusCode.Forbidden, "scope-missing");
        (await admin.PostApiAsync("/leases?tenant=nobody", """{"worker":"a"}""")).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Worker_needs_the_scope_for_work()
    {
        using var reader = await _app.ClientAsync("acme", Scopes.JobsRead, Scopes.JobsSubmit, Scopes.JobsManage);

        foreach (var path in (string[])["/leases", "/leases/x/heartbeat", "/leases/x/ack", "/leases/x/fail", "/leases/x/release"])
            (await reader.PostApiAsync(path, "{}")).Is(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Fact]
    public async Task Heartbeats_do_not_extend_an_attempt_beyond_the_jobs_timeout()
    {
        await _acme.SubmitAsync("""{"payload":1,"timeout_seconds":12}""");
        var lease = await _acme.LeaseAsync(more: ""","lease_seconds":10""");
        await _app.LiveAsync(_time, TimeSpan.FromSeconds(8));

        Assert.Equal("2026-01-01T12:00:12.000Z", (await _acme.BeatAsync(lease)).Is(HttpStatusCode.OK).Text("lease_expires_at"));
        await _app.LiveAsync(_time, TimeSpan.FromSeconds(4));

        (await _acme.AckAsync(lease)).Is(HttpStatusCode.Conflict, "lease-lost");
        var job = await _acme.JobAsync(lease.JobId);
        Assert.Equal(("pending", 1, "timeout"), (job.Text("status"), job.Number("retries"), job.Json["error"]!["type"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Cancel_request_is_told_with_the_next_heartbeat_and_success_beats_it()
    {
        await _acme.SubmitManyAsync(2);
        var leases = await _acme.LeasesAsync(more: ""","max":2""");
        foreach (var lease in leases)
            (await _acme.PostApiAsync($"/jobs/{lease.JobId}/cancel")).Is(HttpStatusCode.Accepted);

        Assert.True((await _acme.BeatAsync(leases[0])).Json["cancel_requested"]!.GetValue<bool>());

        Assert.Equal("cancelled", (await _acme.ReleaseAsync(leases[0])).Is(HttpStatusCode.OK).Text("reason"));
        Assert.Equal("done", (await _acme.AckAsync(leases[1])).Is(HttpStatusCode.OK).Text("status"));
    }

    [Fact]
    public async Task Restart_of_the_server_leaves_leases_valid_for_a_full_period()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync(more: ""","lease_seconds":10""");
        _time.Advance(TimeSpan.FromSeconds(9));

        await _app.RestartAsync();
        using var acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
        _time.Advance(TimeSpan.FromSeconds(9));

        (await acme.BeatAsync(lease)).Is(HttpStatusCode.OK);
        Assert.Equal("done", (await acme.AckAsync(lease)).Is(HttpStatusCode.OK).Text("status"));
    }

    [Theory]
    [InlineData("{}", "worker")]
    [InlineData("""{"worker":""}""", "worker")]
    [InlineData("""{"worker":"w","max":0}""", "max")]
    [InlineData("""{"worker":"w","max":101}""", "max")]
    [InlineData("""{"worker":"w","lease_seconds":4.9}""", "lease_seconds")]
    [InlineData("""{"worker":"w","lease_seconds":3601}""", "lease_seconds")]
    [InlineData("""{"worker":"w","wait_seconds":-1}""", "wait_seconds")]
    [InlineData("""{"worker":"w","wait_seconds":30.5}""", "wait_seconds")]
    [InlineData("""{"worker":"w","types":[]}""", "types")]
    [InlineData("""{"worker":"w","types":["a b"]}""", "types")]
    [InlineData("""{"worker":"w","queues":"q"}""", "queues")]
    [InlineData("""{"worker":"w","queue":"q"}""", "queue")]
    public async Task Wish_that_makes_no_sense_is_refused_with_the_fields_name(string body, string field) =>
        Assert.Equal([field], (await _acme.PostApiAsync("/leases", body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);

    [Theory]
    [InlineData("heartbeat", """{"progress":{"percent":"half"}}""", "progress.percent")]
    [InlineData("heartbeat", """{"progress":{"percentage":1}}""", "progress.percentage")]
    [InlineData("heartbeat", """{"progress":50}""", "progress")]
    [InlineData("heartbeat", """{"log":["a"]}""", "log")]
    [InlineData("ack", """{"results":1}""", "results")]
    [InlineData("fail", "{}", "error")]
    [InlineData("fail", """{"error":5}""", "error")]
    [InlineData("fail", """{"error":{"type":"x"}}""", "error.message")]
    [InlineData("fail", """{"error":{"message":"x"},"retryable":"no"}""", "retryable")]
    [InlineData("fail", """{"error":{"message":"x"},"retry_after_seconds":-1}""", "retry_after_seconds")]
    public async Task Word_about_a_lease_that_makes_no_sense_is_refused_and_changes_nothing(string verb, string body, string field)
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        var answer = (await _acme.PostApiAsync($"/leases/{lease.Token}/{verb}", body)).Is(HttpStatusCode.BadRequest, "invalid-fields");

        Assert.Equal([field], answer.WrongFields);
        (await _acme.AckAsync(lease)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Result_that_is_too_large_is_refused_and_the_lease_stays()
    {
        await _acme.SubmitAsync();
        var lease = await _acme.LeaseAsync();

        (await _acme.AckAsync(lease, $$"""{"result":"{{new string('x', 513 * 1024)}}"}""")).Is(HttpStatusCode.RequestEntityTooLarge, "payload-too-large");

        (await _acme.AckAsync(lease)).Is(HttpStatusCode.OK);
    }
}
