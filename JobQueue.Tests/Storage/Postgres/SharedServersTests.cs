using System.Collections.Concurrent;
using System.Net;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Access;
using JobQueue.Storage.Postgres.Listening;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>Whole servers on one database, as callers and people meet them: what was done through one holds in all.</summary>
public sealed class SharedServersTests
{
    private const string Password = "correct horse";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_that_is_revoked_in_one_server_is_refused_in_the_other_and_what_it_had_open_there_ends()
    {
        await using var database = await SharedDatabase.CreateAsync();
        await using var one = await database.StartServerAsync();
        await using var two = await database.StartServerAsync();
        var token = await one.TokenAsync("acme", RemoteCalls.AllScopes);
        using var caller = two.Client();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await Eventually.True(async () => (await caller.GetAsync("/limits", Ct)).StatusCode == HttpStatusCode.OK, "the token is known");
        await using var stream = await SseClient.OpenAsync(two, token);
        var poll = caller.PostApiAsync("/leases", """{"worker":"w","types":["never"],"wait_seconds":30}""");
        await Eventually.True(
            () => two.Services.GetRequiredService<WorkerDirectory>().All().Any(worker => worker.Waiting), "the worker waits");

        var id = (await one.Services.GetRequiredService<ITokens>().ListAsync(null, Ct)).Single().Token.Id;
        await one.Services.GetRequiredService<ITokens>().RevokeAsync(id, Some.Actor(), Ct);

        (await poll.WaitAsync(Eventually.Deadline, Ct)).Is(HttpStatusCode.Unauthorized);
        Assert.Null(await stream.NextAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/limits", Ct)).StatusCode);
    }

    [Fact]
    public async Task Use_of_a_token_has_nobody_look_again()
    {
        await using var database = await SharedDatabase.CreateAsync();
        await using var one = await database.StartServerAsync();
        await using var two = await database.StartServerAsync();
        var told = new ConcurrentQueue<Notice?>();
        using var hearing = two.Services.GetRequiredService<NoticeListener>().Subscribe(told.Enqueue);
        using var caller = await one.ClientAsync("acme", RemoteCalls.AllScopes);

        (await caller.GetApiAsync("/limits")).Is(HttpStatusCode.OK);
        var tokens = two.Services.GetRequiredService<ITokens>();
        await Eventually.True(async () => (await tokens.ListAsync(null, Ct)).Any(token => token.LastUsedAt is not null), "the use is noted");
        await one.TokenAsync("acme", RemoteCalls.AllScopes);

        // What is told comes in order.
        await Eventually.True(() => Changes() >= 2, "both tokens are told of");
        Assert.Equal(2, Changes());

        int Changes() => told.Count(notice => notice?.Configuration == true);
    }

    [Fact]
    public async Task Session_goes_on_in_another_server_and_ends_there_when_its_user_is_disabled()
    {
        await using var database = await SharedDatabase.CreateAsync();
        await using var one = await database.StartServerAsync();
        await using var two = await database.StartServerAsync();
        var accounts = one.Services.GetRequiredService<IAccounts>();
        await accounts.CreateAsync(new NewUser("ada", Password, Roles.Operator, "acme", Demo: false), Some.Actor(), Ct);
        using var signingIn = one.Client();
        using var answer = await (await Door.OpenAsync(signingIn)).SignInAsync("ada", Password);
        var cookie = Door.SessionCookie(answer).Split(';')[0];

        Assert.Equal(HttpStatusCode.OK, await PageAsync(two, cookie));
        var version = two.Services.GetRequiredService<IAccounts>().Version;
        await accounts.ChangeAsync("ada", new UserChanges(Disabled: true), Some.Actor(), Ct);

        Assert.Equal(HttpStatusCode.Redirect, await PageAsync(two, cookie));
        await Eventually.True(() => two.Services.GetRequiredService<IAccounts>().Version > version, "open pages ask again");
    }

    [Fact]
    public async Task Form_that_one_server_gave_is_taken_by_another_and_failed_tries_count_in_all()
    {
        await using var database = await SharedDatabase.CreateAsync();
        await using var one = await database.StartServerAsync();
        await using var two = await database.StartServerAsync();
        using var client = two.Client();
        Door door;
        using (var first = one.Client())
            door = (await Door.OpenAsync(first)).Through(client);

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await door.SignInAsync("ada", "wrong")).StatusCode);
        using var other = one.Client();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await door.Through(other).SignInAsync("ada", "wrong")).StatusCode);
    }

    [Fact]
    public async Task Of_servers_that_start_at_once_one_makes_the_administrator_of_the_settings()
    {
        await using var database = await SharedDatabase.CreateAsync();
        (string, string)[] settings = [("Bootstrap:AdminUser", "root"), ("Bootstrap:AdminPassword", Password)];

        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => database.StartServerAsync(settings)));

        foreach (var server in servers)
        {
            Assert.Equal("root", Assert.Single(await server.Services.GetRequiredService<IAccounts>().ListAsync(Ct)).Name);
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Demo_brings_its_accounts_and_tokens_once_however_many_servers_start_with_it()
    {
        await using var database = await SharedDatabase.CreateAsync();

        var servers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => database.StartServerAsync(("Demo:Enabled", "true"))));

        foreach (var server in servers)
        {
            Assert.Equal(3, (await server.Services.GetRequiredService<IAccounts>().ListAsync(Ct)).Count);
            Assert.Equal(2, (await server.Services.GetRequiredService<ITokens>().ListAsync(null, Ct)).Count);
            Assert.Equal(3, (await server.Services.GetRequiredService<TenantStore>().ListAsync(Ct)).Count);
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Types_count_the_workers_of_all_servers()
    {
        await using var database = await SharedDatabase.CreateAsync();
        await using var idle = await database.StartServerAsync(("Workers:Count", "0"));
        await using var busy = await database.StartServerAsync(("Workers:Count", "2"));
        using var acme = await idle.ClientAsync("acme", RemoteCalls.AllScopes);

        await Eventually.True(
            async () =>
            {
                var types = (await acme.GetApiAsync("/types")).Is(HttpStatusCode.OK);
                return types.Items.Single(item => item["type"]!.GetValue<string>() == "echo")["workers_present"]!.GetValue<int>() == 1;
            },
            "the other server's pool is told");
        var id = (await acme.SubmitAsync("""{"type":"nobody","payload":{}}""")).Id;
        Assert.Contains("no_worker_for_type", (await acme.GetApiAsync($"/jobs/{id}/explain")).Text, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> PageAsync(QueueApp server, string cookie)
    {
        using var client = server.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard");
        request.Headers.Add("Cookie", cookie);
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }
}
