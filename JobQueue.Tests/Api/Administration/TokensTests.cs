using System.Net;
using System.Net.Http.Headers;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Administration;

public sealed class TokensTests
{
    private static readonly string[] Manager = [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsManage];

    [Fact]
    public async Task New_token_works_and_its_secret_is_never_shown_again()
    {
        await using var app = await QueueApp.StartAsync();
        using var manager = await app.ClientAsync("acme", Manager);

        var made = await manager.PostApiAsync("/tokens", """{"name":"ci","scopes":["jobs:read"],"expires_days":30}""");

        made.Is(HttpStatusCode.Created);
        Assert.Equal(["id", "token"], made.Json.Select(field => field.Key));
        var secret = (string)made.Json["token"]!;
        Assert.Matches("^jq_[A-Za-z0-9_-]{43}$", secret);
        (await With(app, secret).GetApiAsync("/jobs")).Is(HttpStatusCode.OK);
        (await With(app, secret).PostApiAsync("/jobs", """{"payload":1}""")).Is(HttpStatusCode.Forbidden, "scope-missing");
        var listed = await manager.GetApiAsync("/tokens");
        Assert.DoesNotContain(secret, listed.Text, StringComparison.Ordinal);
        var token = listed.Items.Single(item => (string)item["id"]! == made.Id);
        Assert.Equal(("acme", "ci", "token:test"), ((string)token["tenant"]!, (string)token["name"]!, (string)token["created_by"]!));
        Assert.NotNull(token["expires_at"]);
        Assert.NotNull(token["last_used_at"]);
    }

    [Fact]
    public async Task Revoked_token_stops_at_once_and_what_it_opened_is_told()
    {
        await using var app = await QueueApp.StartAsync();
        using var manager = await app.ClientAsync("acme", Manager);
        var made = await manager.PostApiAsync("/tokens", """{"scopes":["jobs:read"]}""");
        using var client = With(app, (string)made.Json["token"]!);
        (await client.GetApiAsync("/jobs")).Is(HttpStatusCode.OK);
        var held = await app.Services.GetRequiredService<ITokens>().FindAsync(((string)made.Json["token"]!).AsMemory(), CancellationToken.None);

        (await manager.DeleteApiAsync($"/tokens/{made.Id}")).Is(HttpStatusCode.NoContent);

        (await client.GetApiAsync("/jobs")).Is(HttpStatusCode.Unauthorized, "token-invalid");
        await Eventually.True(() => held!.Revoked.IsCancellationRequested, "what the token opened is told");
        (await manager.DeleteApiAsync($"/tokens/{made.Id}")).Is(HttpStatusCode.NotFound, "not-found");
        await app.RestartAsync();
        using var afterRestart = With(app, (string)made.Json["token"]!);
        (await afterRestart.GetApiAsync("/jobs")).Is(HttpStatusCode.Unauthorized, "token-invalid");
    }

    [Fact]
    public async Task Tokens_live_across_a_restart()
    {
        await using var app = await QueueApp.StartAsync();
        var secret = await app.TokenAsync("acme", Scopes.JobsRead);

        await app.RestartAsync();

        (await With(app, secret).GetApiAsync("/jobs")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Expired_token_is_refused()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Time = time });
        using var manager = await app.ClientAsync("acme", Manager);
        var made = await manager.PostApiAsync("/tokens", """{"scopes":["jobs:read"],"expires_days":1}""");
        using var client = With(app, (string)made.Json["token"]!);
        (await client.GetApiAsync("/jobs")).Is(HttpStatusCode.OK);

        time.Advance(TimeSpan.FromDays(1));

        (await client.GetApiAsync("/jobs")).Is(HttpStatusCode.Unauthorized, "token-invalid");
    }

    [Fact]
    public async Task Nobody_gives_what_he_does_not_have()
    {
        await using var app = await QueueApp.StartAsync();
        using var manager = await app.ClientAsync("acme", [.. Manager, Scopes.MetricsRead]);
        using var admin = await app.ClientAsync("staff", Scopes.Admin);

        foreach (var (body, missing) in new[]
        {
            ("""{"scopes":["jobs:work"]}""", "jobs:work"), ("""{"scopes":["admin"]}""", "admin"),
            ("""{"scopes":["metrics:read"]}""", "admin"), ("""{"scopes":["jobs:read"],"tenant":"globex"}""", "admin"),
        })
        {
            var answer = await manager.PostApiAsync("/tokens", body);
            answer.Is(HttpStatusCode.Forbidden, "scope-missing");
            Assert.Contains(missing, (string?)answer.Json["detail"], StringComparison.Ordinal);
        }

        (await admin.PostApiAsync("/tokens", """{"scopes":["admin","metrics:read"],"tenant":"brand-new"}""")).Is(HttpStatusCode.Created);
        Assert.Contains("brand-new", (await admin.GetApiAsync("/tenants")).Items.Select(tenant => (string)tenant["name"]!));
    }

    [Fact]
    public async Task Nobody_takes_what_he_could_not_give_or_sees_what_is_not_his()
    {
        await using var app = await QueueApp.StartAsync();
        using var manager = await app.ClientAsync("acme", Manager);
        using var admin = await app.ClientAsync("acme", Scopes.Admin);
        var powerful = await admin.PostApiAsync("/tokens", """{"scopes":["jobs:work"],"tenant":"acme"}""");
        var foreign = await admin.PostApiAsync("/tokens", """{"scopes":["jobs:read"],"tenant":"globex"}""");

        (await manager.DeleteApiAsync($"/tokens/{powerful.Id}")).Is(HttpStatusCode.Forbidden, "scope-missing");
        (await manager.DeleteApiAsync($"/tokens/{foreign.Id}")).Is(HttpStatusCode.NotFound, "not-found");
        Assert.All((await manager.GetApiAsync("/tokens")).Items, token => Assert.Equal("acme", (string)token["tenant"]!));
        Assert.Contains(foreign.Id, (await admin.GetApiAsync("/tokens")).Items.Select(token => (string)token["id"]!));
    }

    [Theory]
    [InlineData("""{}""", "scopes")]
    [InlineData("""{"scopes":[]}""", "scopes")]
    [InlineData("""{"scopes":["jobs:everything"]}""", "scopes")]
    [InlineData("""{"scopes":["jobs:read"],"expires_days":0}""", "expires_days")]
    [InlineData("""{"scopes":["jobs:read"],"name":""}""", "name")]
    [InlineData("""{"scopes":["jobs:read"],"name":"a\u0000"}""", "name")]
    [InlineData("""{"scopes":["jobs:read"],"tenant":"a b"}""", "tenant")]
    [InlineData("""{"scopes":["jobs:read"],"expire_days":1}""", "expire_days")]
    public async Task Wrong_token_request_is_refused(string body, string field)
    {
        await using var app = await QueueApp.StartAsync();
        using var manager = await app.ClientAsync("acme", Manager);

        Assert.Equal([field], (await manager.PostApiAsync("/tokens", body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
    }

    [Fact]
    public async Task Use_of_a_token_is_stored_once_a_minute()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Time = time });
        using var client = await app.ClientAsync("acme", Manager);
        await LastUsedIsAsync("2026-01-31T12:00:00.000Z");
        time.Advance(TimeSpan.FromSeconds(59));
        await LastUsedIsAsync("2026-01-31T12:00:00.000Z");
        time.Advance(TimeSpan.FromSeconds(1));
        await LastUsedIsAsync("2026-01-31T12:01:00.000Z");

        async Task LastUsedIsAsync(string expected) =>
            Assert.Equal(expected, (string?)(await client.GetApiAsync("/tokens")).Items.Single()["last_used_at"]);
    }

    private static HttpClient With(QueueApp app, string secret)
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return client;
    }
}
