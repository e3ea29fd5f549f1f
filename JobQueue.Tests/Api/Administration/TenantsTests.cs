using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Api.Administration;

public sealed class TenantsTests
{
    [Fact]
    public async Task Limits_are_set_one_by_one_and_work_at_once()
    {
        await using var app = await QueueApp.StartAsync(
            new QueueAppOptions { Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" } });
        using var admin = await app.ClientAsync("staff", Scopes.Admin);

        var made = await admin.PutApiAsync("/tenants/acme", """{"max_new_per_minute":1}""");
        made.Is(HttpStatusCode.Created);
        Assert.Equal(["name", "max_concurrent", "max_new_per_minute", "max_pending", "created_at"], made.Json.Select(field => field.Key));
        Assert.Equal((5, 1), ((int)made.Json["max_concurrent"]!, (int)made.Json["max_new_per_minute"]!));

        using var client = await app.ClientAsync("acme", Scopes.JobsSubmit);
        await client.SubmitAsync();
        (await client.PostApiAsync("/jobs", """{"payload":1}""")).Is(HttpStatusCode.TooManyRequests, "rate-limit-exceeded");

        var changed = await admin.PutApiAsync("/tenants/acme", """{"max_new_per_minute":null,"max_pending":7}""");
        changed.Is(HttpStatusCode.OK);
        Assert.Null(changed.Json["max_new_per_minute"]);
        Assert.Equal((5, 7), ((int)changed.Json["max_concurrent"]!, (int)changed.Json["max_pending"]!));
        await client.SubmitAsync();
        Assert.Equal(["acme", "staff"], (await admin.GetApiAsync("/tenants")).Items.Select(tenant => (string)tenant["name"]!));
        Assert.Equal(["acme"], (await admin.GetApiAsync("/tenants?limit=1")).Items.Select(tenant => (string)tenant["name"]!));
    }

    [Theory]
    [InlineData("acme", """{"max_concurrent":-1}""", "max_concurrent")]
    [InlineData("acme", """{"max_pending":1.5}""", "max_pending")]
    [InlineData("acme", """{"max_new_per_minute":"10"}""", "max_new_per_minute")]
    [InlineData("acme", """{"max_concurent":1}""", "max_concurent")]
    [InlineData("a%20b", "{}", "name")]
    public async Task Wrong_limits_are_refused(string name, string body, string field)
    {
        await using var app = await QueueApp.StartAsync();
        using var admin = await app.ClientAsync("staff", Scopes.Admin);

        Assert.Equal([field], (await admin.PutApiAsync($"/tenants/{name}", body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
    }

    [Fact]
    public async Task Audit_log_tells_who_did_what_from_where()
    {
        await using var app = await QueueApp.StartAsync(
            new QueueAppOptions { Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" } });
        using var admin = await app.ClientAsync("staff", Scopes.Admin);
        await admin.PutApiAsync("/tenants/acme", """{"max_pending":3}""");
        await admin.PostApiAsync("/tokens", """{"name":"ci","scopes":["jobs:read"],"tenant":"acme"}""");
        var job = await admin.SubmitAsync();
        await admin.PostApiAsync($"/jobs/{job.Id}/cancel");

        var entries = (await admin.GetApiAsync("/audit")).Is(HttpStatusCode.OK).Items;

        Assert.Equal(
            ["id", "at", "actor", "action", "tenant", "target", "detail", "remote_address"], entries[0].Select(field => field.Key));
        Assert.Equal(["job.cancel", "token.create", "tenant.create"], entries.Take(3).Select(entry => (string)entry["action"]!));
        Assert.All(entries.Take(3), entry => Assert.Equal("token:test", (string)entry["actor"]!));
        Assert.Equal("127.0.0.1", (string)entries[0]["remote_address"]!);
        Assert.Equal(job.Id, (string)entries[0]["target"]!);
        Assert.Single((await admin.GetApiAsync("/audit?action=token.create&tenant=acme")).Items);
        Assert.Empty((await admin.GetApiAsync("/audit?actor=user:nobody")).Items);
        var first = await admin.GetApiAsync("/audit?limit=1");
        var second = await admin.GetApiAsync($"/audit?limit=1&cursor={first.NextCursor}");
        Assert.Equal("token.create", (string)second.Items.Single()["action"]!);
    }
}
