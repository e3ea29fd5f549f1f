using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using JobQueue.Access;
using JobQueue.Storage.Access;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Jobs;

public sealed class SubmitTests
{
    private static readonly string[] Scope = [Scopes.JobsSubmit, Scopes.JobsRead];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accepted_job_is_answered_with_every_field_and_found_at_its_location()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);

        var answer = await client.PostApiAsync(
            "/jobs", """{"type":"mail","queue":"q","payload":{"n":1.0},"priority":3,"max_retries":2,"timeout_seconds":9,"tags":["a","b"],"idempotency_key":"k"}""");

        answer.Is(HttpStatusCode.Created);
        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal($"/jobs/{answer.Id}", answer.Header("Location"));
        Assert.Contains("\"payload\":{\"n\":1.0}", answer.Text, StringComparison.Ordinal);
        var job = answer.Json;
        Assert.Equal(
            [
                "id", "tenant", "queue", "type", "status", "reason", "waiting_for", "priority", "payload", "original_payload", "result",
                "error", "idempotency_key", "retries", "max_retries", "crashes", "timeout_seconds", "run_at", "created_at", "started_at",
                "finished_at", "worker", "lease_expires_at", "cancel_requested", "progress", "tags", "trace_id", "submitted_by", "dead_lettered", "callback",
            ],
            job.Select(field => field.Key));
        Assert.Equal("acme", (string?)job["tenant"]);
        Assert.Equal("pending", (string?)job["status"]);
        Assert.Equal("worker", (string?)job["waiting_for"]);
        Assert.Equal("token:test", (string?)job["submitted_by"]);
        Assert.Equal(32, ((string?)job["trace_id"])!.Length);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)job["created_at"]);
        Assert.Equal('7', answer.Id[14]);

        var read = await client.GetApiAsync(answer.Header("Location")!);
        read.Is(HttpStatusCode.OK);
        Assert.True(JsonNode.DeepEquals(job, read.Json), $"{job} is not {read.Json}");
    }

    [Fact]
    public async Task Trace_of_the_request_is_the_jobs_own()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);

        var answer = await client.PostApiAsync(
            "/jobs", """{"payload":1}""", ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));

        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", (string?)answer.Is(HttpStatusCode.Created).Json["trace_id"]);
    }

    [Fact]
    public async Task Repeat_is_answered_with_the_first_job_and_costs_nothing()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        var first = await client.PostApiAsync("/jobs", """{"payload":{"a":1,"b":2}}""", ("Idempotency-Key", "\"k-1\""));

        var again = await client.PostApiAsync("/jobs", """{"idempotency_key":"k-1","payload":{"b":2.0,"a":1},"priority":0}""");

        again.Is(HttpStatusCode.OK);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(1, (int)(await client.GetApiAsync("/limits")).Json["accepted_last_minute"]!);
    }

    [Fact]
    public async Task Key_of_another_request_is_refused_with_the_first_jobs_id()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        var first = await client.SubmitAsync("""{"payload":1,"idempotency_key":"k"}""");

        var other = await client.PostApiAsync("/jobs", """{"payload":2,"idempotency_key":"k"}""");

        other.Is(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        Assert.Equal(first.Id, (string?)other.Json["job_id"]);
    }

    [Fact]
    public async Task Key_of_one_tenant_means_nothing_in_another()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var acme = await app.ClientAsync("acme", Scope);
        using var globex = await app.ClientAsync("globex", Scope);

        var first = await acme.SubmitAsync("""{"payload":1,"idempotency_key":"k"}""");
        var second = await globex.SubmitAsync("""{"payload":2,"idempotency_key":"k"}""");

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task However_many_repeats_arrive_at_once_one_job_exists()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            client.PostApiAsync("/jobs", """{"payload":1,"idempotency_key":"k"}""")));

        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(49, answers.Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Over_the_limit_retry_after_tells_when_one_is_accepted()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        await using var app = await QueueApp.StartAsync(Idle() with { Time = time });
        using var client = await app.ClientAsync("acme", Scope);
        for (var left = 9; left >= 0; left--)
        {
            var accepted = await client.SubmitAsync("""{"payload":1}""");
            Assert.Equal("\"per-minute\";q=10;w=60", accepted.Header("RateLimit-Policy"));
            Assert.StartsWith($"\"per-minute\";r={left};t=", accepted.Header("RateLimit"), StringComparison.Ordinal);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var refused = await client.PostApiAsync("/jobs", """{"payload":1,"idempotency_key":"k"}""");

        refused.Is(HttpStatusCode.TooManyRequests, "rate-limit-exceeded");
        Assert.Equal("\"per-minute\";q=10;w=60", refused.Header("RateLimit-Policy"));
        Assert.StartsWith("\"per-minute\";r=0;t=", refused.Header("RateLimit"), StringComparison.Ordinal);
        var wait = int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(wait, 50, 51);

        time.Advance(TimeSpan.FromSeconds(wait));
        await client.SubmitAsync("""{"payload":1,"idempotency_key":"k"}""");
        (await client.PostApiAsync("/jobs", """{"payload":1,"idempotency_key":"k"}""")).Is(HttpStatusCode.OK);
        (await client.PostApiAsync("/jobs", """{"payload":1}""")).Is(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Full_backlog_is_429()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        await app.Services.GetRequiredService<TenantStore>().EnsureAsync("acme", new TenantLimits(null, null, 1), Cancellation);
        using var client = await app.ClientAsync("acme", Scope);
        await client.SubmitAsync();

        var refused = await client.PostApiAsync("/jobs", """{"payload":1}""");

        refused.Is(HttpStatusCode.TooManyRequests, "backlog-full");
        // Nobody can say when there will be room.
        Assert.Null(refused.Header("Retry-After"));
        Assert.Equal("\"pending\";r=0", refused.Header("RateLimit"));
        (await client.PostApiAsync("/jobs/batch", """{"jobs":[{"payload":1},{"payload":2}]}""")).Is(HttpStatusCode.BadRequest, "batch-larger-than-limit");
    }

    [Fact]
    public async Task Too_many_queues_are_429_without_a_time_since_nobody_knows_when_one_is_empty()
    {
        await using var app = await QueueApp.StartAsync(Unlimited());
        using var client = await app.ClientAsync("acme", Scope);
        foreach (var thousand in Enumerable.Range(0, 10))
        {
            var members = Enumerable.Range(0, 1000).Select(number => $$"""{"payload":1,"queue":"customer-{{(thousand * 1000) + number}}"}""");
            (await client.PostApiAsync("/jobs/batch", $$"""{"jobs":[{{string.Join(',', members)}}]}""")).Is(HttpStatusCode.Created);
        }

        var refused = (await client.PostApiAsync("/jobs", """{"payload":1,"queue":"one-more"}""")).Is(HttpStatusCode.TooManyRequests, "too-many-lanes");

        Assert.Null(refused.Header("Retry-After"));
        await client.SubmitAsync("""{"payload":1,"queue":"customer-1"}""");
        Assert.Equal(200, (await client.GetApiAsync("/stats")).Json["queues"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(null, 0)]
    public async Task Limit_of_zero_is_a_400_since_waiting_would_not_help(int? perMinute, int? pending)
    {
        await using var app = await QueueApp.StartAsync(Idle());
        await app.Services.GetRequiredService<TenantStore>().EnsureAsync("acme", new TenantLimits(null, perMinute, pending), Cancellation);
        using var client = await app.ClientAsync("acme", Scope);

        var refused = await client.PostApiAsync("/jobs", """{"payload":1}""");

        refused.Is(HttpStatusCode.BadRequest, "limit-is-zero");
        Assert.Null(refused.Header("Retry-After"));
    }

    [Fact]
    public async Task Lock_that_another_program_holds_on_the_database_is_a_503_that_says_so_and_when_to_come_again()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        await using (var other = new SqliteConnection($"Data Source={app.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(Cancellation);
            await using var transaction = other.BeginTransaction();

            var refused = await client.PostApiAsync("/jobs", """{"payload":1}""");

            refused.Is(HttpStatusCode.ServiceUnavailable, "store-unavailable");
            Assert.Equal("5", refused.Header("Retry-After"));
            Assert.Contains("Another program holds the lock of the database file", (string?)refused.Json["detail"], StringComparison.Ordinal);
        }

        (await client.PostApiAsync("/jobs", """{"payload":1}""")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Without_limits_there_are_no_limit_headers()
    {
        await using var app = await QueueApp.StartAsync(Unlimited());
        using var client = await app.ClientAsync("acme", Scope);

        var answer = await client.SubmitAsync();

        Assert.Null(answer.Header("RateLimit"));
        Assert.Null(answer.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Batch_is_answered_in_the_order_given()
    {
        await using var app = await QueueApp.StartAsync(Unlimited());
        using var client = await app.ClientAsync("acme", Scope);
        var members = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $$"""{"payload":{{i}}}"""));

        var answer = await client.PostApiAsync("/jobs/batch", $$"""{"jobs":[{{members}}]}""");

        answer.Is(HttpStatusCode.Created);
        Assert.Equal(Enumerable.Range(0, 1_000), answer.Items.Select(item => (int)item["payload"]!));
        var ids = answer.Items.Select(item => (string)item["id"]!).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task Invalid_member_keeps_the_whole_batch_out()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);

        var answer = await client.PostApiAsync("/jobs/batch", """{"jobs":[{"payload":1},{"payload":1,"priority":500}]}""");

        answer.Is(HttpStatusCode.BadRequest, "invalid-fields");
        Assert.Equal(["jobs[1].priority"], answer.WrongFields);
        Assert.Empty((await client.GetApiAsync("/jobs")).Items);
    }

    [Fact]
    public async Task Batch_repeats_are_replayed_and_cost_no_quota()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        var first = await client.SubmitAsync("""{"payload":1,"idempotency_key":"a"}""");

        var mixed = await client.PostApiAsync("/jobs/batch", """{"jobs":[{"payload":2,"idempotency_key":"b"},{"payload":1,"idempotency_key":"a"}]}""");
        var allReplayed = await client.PostApiAsync("/jobs/batch", """{"jobs":[{"payload":1,"idempotency_key":"a"},{"payload":2,"idempotency_key":"b"}]}""");
        var mismatch = await client.PostApiAsync("/jobs/batch", """{"jobs":[{"payload":5},{"payload":9,"idempotency_key":"a"}]}""");

        mixed.Is(HttpStatusCode.Created);
        Assert.Null(mixed.Items[0]["replayed"]);
        Assert.True((bool)mixed.Items[1]["replayed"]!);
        Assert.Equal(first.Id, (string?)mixed.Items[1]["id"]);
        allReplayed.Is(HttpStatusCode.OK);
        mismatch.Is(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        Assert.Equal(1, (int)mismatch.Json["index"]!);
        Assert.Equal(first.Id, (string?)mismatch.Json["job_id"]);
        Assert.Equal(2, (int)(await client.GetApiAsync("/limits")).Json["accepted_last_minute"]!);
    }

    [Fact]
    public async Task Batch_over_the_rate_is_refused_whole_and_one_larger_than_it_for_good()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        static string Batch(int count) => $$"""{"jobs":[{{string.Join(',', Enumerable.Repeat("""{"payload":1}""", count))}}]}""";
        (await client.PostApiAsync("/jobs/batch", Batch(8))).Is(HttpStatusCode.Created);

        (await client.PostApiAsync("/jobs/batch", Batch(3))).Is(HttpStatusCode.TooManyRequests, "rate-limit-exceeded");
        (await client.PostApiAsync("/jobs/batch", Batch(11))).Is(HttpStatusCode.BadRequest, "batch-larger-than-limit");
        (await client.PostApiAsync("/jobs/batch", Batch(2))).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Key_in_the_header_of_a_batch_is_refused()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);

        var answer = await client.PostApiAsync("/jobs/batch", """{"jobs":[{"payload":1}]}""", ("Idempotency-Key", "k"));

        answer.Is(HttpStatusCode.BadRequest, "invalid-fields");
        Assert.Equal(["Idempotency-Key"], answer.WrongFields);
    }

    [Fact]
    public async Task Large_body_is_413_and_the_server_goes_on()
    {
        await using var app = await QueueApp.StartAsync(Idle(("Jobs:MaxBodyMegabytes", "1"), ("Jobs:MaxPayloadKilobytes", "64")));
        using var client = await app.ClientAsync("acme", Scope);

        (await client.PostApiAsync("/jobs", $$"""{"payload":"{{new string('x', 66_000)}}"}""")).Is(HttpStatusCode.RequestEntityTooLarge, "payload-too-large");
        (await client.PostApiAsync("/jobs", $$"""{"payload":"{{new string('x', 2_000_000)}}"}""")).Is(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        using var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"payload":"{{new string('x', 2_000_000)}}"}""")));
        chunked.Headers.ContentType = new("application/json");
        (await client.CallAsync(HttpMethod.Post, "/jobs", chunked, ("Transfer-Encoding", "chunked"))).Is(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
        await client.SubmitAsync();
    }

    [Fact]
    public async Task Body_that_arrives_in_pieces_is_read_whole()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        var payload = new string('x', 400_000);

        var answer = await client.SubmitAsync($$"""{"payload":"{{payload}}"}""");

        Assert.Equal(payload, (string?)answer.Json["payload"]);
    }

    [Theory]
    [InlineData("text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/vnd.acme+json", HttpStatusCode.Created)]
    public async Task Media_type_must_be_json(string type, HttpStatusCode status)
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);
        using var content = new ByteArrayContent("""{"payload":1}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        (await client.CallAsync(HttpMethod.Post, "/jobs", content)).Is(status);
    }

    [Fact]
    public async Task Query_on_a_submission_is_refused()
    {
        await using var app = await QueueApp.StartAsync(Idle());
        using var client = await app.ClientAsync("acme", Scope);

        var answer = await client.PostApiAsync("/jobs?tenant=globex", """{"payload":1}""");

        answer.Is(HttpStatusCode.BadRequest, "invalid-fields");
        Assert.Equal(["tenant"], answer.WrongFields);
    }

    private static QueueAppOptions Idle(params (string Key, string Value)[] settings) =>
        new() { Settings = new Dictionary<string, string>(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))) { ["Workers:Count"] = "0" } };

    private static QueueAppOptions Unlimited() => Idle(("Tenants:DefaultMaxNewPerMinute", ""));
}
