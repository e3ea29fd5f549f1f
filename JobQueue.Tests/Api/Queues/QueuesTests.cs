using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Queues;

public sealed class QueuesTests
{
    private static readonly string[] All = [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsManage];

    [Fact]
    public async Task Paused_queue_says_who_why_and_until_when()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        await using var app = await StartAsync(time);
        using var client = await app.ClientAsync("acme", All);

        var paused = await client.PostApiAsync("/queues/slow/pause", """{"reason":"upgrade","until":"2026-01-31T13:00:00Z"}""");

        paused.Is(HttpStatusCode.OK);
        Assert.Equal(("slow", true, "upgrade"), ((string)paused.Json["name"]!, (bool)paused.Json["paused"]!, (string)paused.Json["pause_reason"]!));
        Assert.Equal("token:test", (string)paused.Json["paused_by"]!);
        Assert.Equal("2026-01-31T13:00:00.000Z", (string)paused.Json["paused_until"]!);
        var job = await client.SubmitAsync("""{"payload":1,"queue":"slow"}""");
        Assert.Equal("queue_paused", (string)job.Json["waiting_for"]!);

        var resumed = await client.PostApiAsync("/queues/slow/resume");
        resumed.Is(HttpStatusCode.OK);
        Assert.False((bool)resumed.Json["paused"]!);
        Assert.Equal(1, (int)resumed.Json["pending"]!);
        Assert.Equal("worker", (string)(await client.GetApiAsync($"/jobs/{job.Id}")).Json["waiting_for"]!);
    }

    [Fact]
    public async Task Queue_of_the_same_name_in_another_tenant_is_another_queue()
    {
        await using var app = await StartAsync();
        using var acme = await app.ClientAsync("acme", All);
        using var globex = await app.ClientAsync("globex", All);
        using var admin = await app.ClientAsync("staff", Scopes.Admin);
        (await acme.PostApiAsync("/queues/q/pause")).Is(HttpStatusCode.OK);

        Assert.Equal("worker", (string)(await globex.SubmitAsync("""{"payload":1,"queue":"q"}""")).Json["waiting_for"]!);
        Assert.Equal([("acme", true), ("globex", false)], (await admin.GetApiAsync("/queues")).Items
            .Select(queue => ((string)queue["tenant"]!, (bool)queue["paused"]!)));
        (await admin.PostApiAsync("/queues/q/resume?tenant=acme")).Is(HttpStatusCode.OK);
        Assert.Equal("worker", (string)(await acme.SubmitAsync("""{"payload":1,"queue":"q"}""")).Json["waiting_for"]!);
        (await acme.PostApiAsync("/queues/q/pause?tenant=globex")).Is(HttpStatusCode.Forbidden, "scope-missing");
    }

    [Theory]
    [InlineData("/queues/a%20b/pause", "{}", "name")]
    [InlineData("/queues/q/pause", """{"until":"2001-01-01T00:00:00Z"}""", "until")]
    [InlineData("/queues/q/pause", """{"reason":5}""", "reason")]
    [InlineData("/queues/q/pause", """{"resaon":"x"}""", "resaon")]
    public async Task Wrong_pause_is_refused(string path, string body, string field)
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);

        Assert.Equal([field], (await client.PostApiAsync(path, body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
    }

    [Fact]
    public async Task Counts_and_limits_follow_what_is_submitted()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);
        await client.SubmitAsync();
        await client.SubmitAsync("""{"payload":1,"queue":"q","delay_seconds":60}""");

        var stats = (await client.GetApiAsync("/stats")).Is(HttpStatusCode.OK).Json;
        var limits = (await client.GetApiAsync("/limits")).Is(HttpStatusCode.OK);

        Assert.Equal(
            ["pending", "running", "done", "failed", "dead_lettered", "oldest_ready_seconds", "done_per_minute", "failed_per_minute", "queues"],
            stats.Select(field => field.Key));
        Assert.Equal((2, 0), ((int)stats["pending"]!, (int)stats["done"]!));
        Assert.Equal(2, stats["queues"]!.AsArray().Count);
        Assert.Equal(
            """{"max_concurrent":5,"running":0,"max_new_per_minute":10,"accepted_last_minute":2,"max_pending":null,"pending":2}""",
            limits.Text);
    }

    [Fact]
    public async Task Types_come_with_schema_and_example()
    {
        await using var app = await StartAsync();
        using var client = await app.ClientAsync("acme", All);

        var types = (await client.GetApiAsync("/types")).Is(HttpStatusCode.OK).Items;

        Assert.Contains("echo", types.Select(type => (string)type["type"]!));
        Assert.All(types, type =>
        {
            Assert.NotNull(type["description"]);
            Assert.NotNull(type["payload_schema"]);
            Assert.True(type.ContainsKey("example"));
            Assert.NotNull(type["workers_present"]);
        });
    }

    private static Task<QueueApp> StartAsync(TimeProvider? time = null) => QueueApp.StartAsync(
        new QueueAppOptions { Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" }, Time = time });
}
