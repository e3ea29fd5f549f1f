using System.Globalization;
using System.Net;
using JobQueue.Access;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Jobs;

public sealed class JobsTests
{
    private static readonly string[] All = [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsManage];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_follow_one_another_newest_first_without_gap_or_repeat()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var submitted = new List<string>();
        for (var i = 0; i < 7; i++)
            submitted.Add((await client.SubmitAsync()).Id);

        var listed = new List<string>();
        var path = "/jobs?limit=3";
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await client.GetApiAsync(path + cursor)).Is(HttpStatusCode.OK);
            Assert.True(page.Items.Count <= 3);
            listed.AddRange(page.Items.Select(job => (string)job["id"]!));
            cursor = page.NextCursor is { } next ? $"&cursor={next}" : null;
        }

        Assert.Equal(submitted.AsEnumerable().Reverse(), listed);
    }

    [Fact]
    public async Task Every_filter_selects()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        await using var app = await StartAsync(time);
        using var client = await app.ClientAsync("acme", All);
        var plain = (await client.SubmitAsync()).Id;
        time.Advance(TimeSpan.FromSeconds(10));
        var other = (await client.SubmitAsync(
            """{"payload":1,"type":"mail","queue":"slow","tags":["a","b"],"idempotency_key":"order-17"}""")).Id;
        (await client.PostApiAsync($"/jobs/{plain}/cancel")).Is(HttpStatusCode.OK);

        foreach (var (query, found) in new[]
        {
            ("status=pending", other), ("status=failed", plain), ("status=failed&reason=cancelled", plain), ("reason=cancelled", plain),
            ("queue=slow", other), ("queue=default", plain), ("type=mail", other), ("tag=b", other), ("q=der-1", other), ($"q={plain}", plain),
            ("created_after=2026-01-31T12:00:05Z", other), ("created_before=2026-01-31T13:00:05%2B01:00", plain),
            ("created_before=2026-01-31T13:00:05+01:00", plain),
        })
        {
            var page = (await client.GetApiAsync($"/jobs?{query}")).Is(HttpStatusCode.OK);
            Assert.True(page.Items is [var only] && (string)only["id"]! == found, $"{query}: {page.Text}");
        }

        Assert.Empty((await client.GetApiAsync("/jobs?status=done")).Items);
        Assert.Empty((await client.GetApiAsync("/jobs?tag=%25")).Items);
    }

    [Theory]
    [InlineData("status=finished", "status")]
    [InlineData("status=", "status")]
    [InlineData("status=pending&status=done", "status")]
    [InlineData("reason=x", "reason")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("created_after=2026-01-31T12:00:00", "created_after")]
    [InlineData("created_before=yesterday", "created_before")]
    [InlineData("stauts=done", "stauts")]
    [InlineData("q=a%00b", "q")]
    [InlineData("cursor=x", "cursor")]
    public async Task Wrong_parameter_is_named(string query, string name)
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);

        var answer = await client.GetApiAsync($"/jobs?{query}");

        answer.Is(HttpStatusCode.BadRequest);
        Assert.Equal([name], answer.WrongFields);
    }

    [Fact]
    public async Task Unknown_status_names_the_four_words()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);

        var answer = await client.GetApiAsync("/jobs?status=queued");

        Assert.Contains("pending, running, done, failed", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_belongs_to_another_tenant_is_as_unknown_as_what_never_was()
    {
        await using var app = await StartAsync();
        using var acme = await app.ClientAsync("acme", All);
        using var globex = await app.ClientAsync("globex", All);
        var id = (await acme.SubmitAsync()).Id;
        var nobody = JobId.Create(0, 0, 0).ToString();

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/jobs/{0}"), (HttpMethod.Get, "/jobs/{0}/attempts"), (HttpMethod.Get, "/jobs/{0}/logs"),
            (HttpMethod.Post, "/jobs/{0}/cancel"), (HttpMethod.Post, "/jobs/{0}/retry"), (HttpMethod.Get, "/dlq/{0}"),
            (HttpMethod.Post, "/dlq/{0}/requeue"), (HttpMethod.Delete, "/dlq/{0}"),
        })
        {
            var foreign = await CallAsync(globex, method, path, id);
            var missing = await CallAsync(globex, method, path, nobody);
            foreign.Is(HttpStatusCode.NotFound, "not-found");
            missing.Is(HttpStatusCode.NotFound, "not-found");
            Assert.Equal(missing.Text.Replace(nobody, id, StringComparison.Ordinal)[..^80], foreign.Text[..^80]);
            (await CallAsync(globex, method, path, "nonsense")).Is(HttpStatusCode.NotFound, "not-found");
        }

        Assert.Empty((await globex.GetApiAsync("/jobs")).Items);
    }

    [Fact]
    public async Task Administrator_sees_every_tenant_unless_he_names_one()
    {
        await using var app = await StartAsync();
        using var acme = await app.ClientAsync("acme", All);
        using var globex = await app.ClientAsync("globex", All);
        using var admin = await app.ClientAsync("staff", Scopes.Admin);
        var (first, second) = ((await acme.SubmitAsync()).Id, (await globex.SubmitAsync()).Id);

        Assert.Equal([second, first], (await admin.GetApiAsync("/jobs")).Items.Select(job => (string)job["id"]!));
        Assert.Equal([first], (await admin.GetApiAsync("/jobs?tenant=acme")).Items.Select(job => (string)job["id"]!));
        (await admin.GetApiAsync($"/jobs/{first}")).Is(HttpStatusCode.OK);
        (await admin.GetApiAsync("/jobs?tenant=nobody")).Is(HttpStatusCode.NotFound, "not-found");
        (await acme.GetApiAsync("/jobs?tenant=globex")).Is(HttpStatusCode.Forbidden, "scope-missing");
        Assert.Equal([first], (await acme.GetApiAsync("/jobs?tenant=acme")).Items.Select(job => (string)job["id"]!));
        Assert.Equal(1, (int)(await admin.GetApiAsync("/limits?tenant=acme")).Json["pending"]!);
    }

    [Fact]
    public async Task Cancel_ends_a_pending_job_at_once_and_refuses_one_that_has_ended()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = (await client.SubmitAsync()).Id;

        var cancelled = await client.PostApiAsync($"/jobs/{id}/cancel");
        var again = await client.PostApiAsync($"/jobs/{id}/cancel");

        cancelled.Is(HttpStatusCode.OK);
        Assert.Equal(("failed", "cancelled"), ((string?)cancelled.Json["status"], (string?)cancelled.Json["reason"]));
        Assert.False((bool)cancelled.Json["dead_lettered"]!);
        again.Is(HttpStatusCode.Conflict, "wrong-state");
        (await client.PostApiAsync($"/dlq/{id}/requeue")).Is(HttpStatusCode.Conflict, "wrong-state");
    }

    [Fact]
    public async Task Cancel_of_a_running_job_is_accepted_and_shown()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = (await client.SubmitAsync()).Id;
        await app.Services.GetRequiredService<IJobStore>().LeaseAsync(Some.Wish(), Cancellation);

        var answer = await client.PostApiAsync($"/jobs/{id}/cancel");

        answer.Is(HttpStatusCode.Accepted);
        Assert.Equal("running", (string?)answer.Json["status"]);
        Assert.True((bool)answer.Json["cancel_requested"]!);
        Assert.NotNull(answer.Json["lease_expires_at"]);
    }

    [Fact]
    public async Task Retry_runs_a_failed_job_again_and_no_other()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = (await client.SubmitAsync()).Id;
        (await client.PostApiAsync($"/jobs/{id}/retry")).Is(HttpStatusCode.Conflict, "wrong-state");
        await client.PostApiAsync($"/jobs/{id}/cancel");

        var answer = await client.PostApiAsync($"/jobs/{id}/retry");

        answer.Is(HttpStatusCode.OK);
        Assert.Equal(("pending", id), ((string?)answer.Json["status"], answer.Id));
        Assert.Null(answer.Json["reason"]);
    }

    [Fact]
    public async Task Attempts_and_log_tell_what_happened()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        var id = (await client.SubmitAsync()).Id;
        var store = app.Services.GetRequiredService<IJobStore>();
        var lease = (await store.LeaseAsync(Some.Wish(), Cancellation)).Single();
        var lines = Enumerable.Range(1, 5).Select(i => string.Create(CultureInfo.InvariantCulture, $"line {i}")).ToList();
        await store.HeartbeatAsync(lease.Token, null, new JobProgress(40, "half way"), lines, Cancellation);

        var running = await client.GetApiAsync($"/jobs/{id}");
        Assert.Equal("""{"percent":40,"message":"half way"}""", running.Json["progress"]!.ToJsonString());
        await store.SettleAsync(lease.Token, null, new JobOutcome.Failed(new JobError("no luck", "LuckException")), Cancellation);

        var attempt = Assert.Single((await client.GetApiAsync($"/jobs/{id}/attempts")).Is(HttpStatusCode.OK).Items);
        Assert.Equal(
            ["number", "worker", "started_at", "finished_at", "outcome", "error"], attempt.Select(field => field.Key));
        Assert.Equal((1, "remote", "failed"), ((int)attempt["number"]!, (string)attempt["worker"]!, (string)attempt["outcome"]!));
        Assert.Equal("""{"message":"no luck","type":"LuckException"}""", attempt["error"]!.ToJsonString());

        var first = await client.GetApiAsync($"/jobs/{id}/logs?limit=3");
        var second = await client.GetApiAsync($"/jobs/{id}/logs?limit=3&cursor={first.NextCursor}");
        Assert.Equal(lines, first.Items.Concat(second.Items).Select(line => (string)line["message"]!));
        Assert.Null(second.NextCursor);
        Assert.Equal(1, (int)first.Items[0]["attempt"]!);
        (await client.GetApiAsync($"/jobs/{id}/logs?cursor=nonsense")).Is(HttpStatusCode.BadRequest, "invalid-cursor");
    }

    private static Task<ApiAnswer> CallAsync(HttpClient client, HttpMethod method, string path, string id) =>
        client.CallAsync(method, string.Format(CultureInfo.InvariantCulture, path, id));

    private static Task<QueueApp> StartAsync(TimeProvider? time = null) => QueueApp.StartAsync(
        new QueueAppOptions { Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" }, Time = time });
}
