using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using JobQueue.Access;
using JobQueue.Tests.Handlers.Http;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace JobQueue.Tests.Api.Jobs;

/// <summary>Callbacks from the end of a job to the one who is called.</summary>
public sealed class CallbackDeliveryTests
{
    private const string Token = "jq_demo_unlimited_0000000000000000000000";

    [Fact]
    public async Task Callback_outlives_a_server_that_is_killed_between_the_end_and_its_delivery()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        using var folder = new TemporaryFolder();
        (string, string)[] settings = [("Demo__Enabled", "true"), ("Handlers__Http__AllowedPrivateHosts__0", receiver.HostAndPort)];
        string id, delivery;
        await using (var server = ServerProcess.Start(folder.Path, [], settings))
        {
            using var client = Client(await server.AddressAsync());
            (await client.PostApiAsync("/queues/callbacks/pause")).Is(HttpStatusCode.OK);
            id = await RunAsync(client, receiver);
            delivery = (string)Assert.Single((await client.GetApiAsync("/jobs?queue=callbacks")).Items)["id"]!;
            await server.SignalAsync("KILL");
            await server.EndAsync();
        }

        Assert.Empty(receiver.Calls);
        await using var next = ServerProcess.Start(folder.Path, [], settings);
        using var later = Client(await next.AddressAsync());
        (await later.PostApiAsync("/queues/callbacks/resume")).Is(HttpStatusCode.OK);

        await UntilDoneAsync(later, delivery);
        var call = Assert.Single(receiver.Calls);
        var posted = JsonNode.Parse(call.Body)!;
        Assert.Equal(("POST", "application/json", delivery), (call.Method, call["content-type"], call["idempotency-key"]));
        Assert.Equal(("job.done", id), ((string?)posted["event"], (string?)posted["job"]!["id"]));
    }

    [Fact]
    public async Task Every_try_posts_the_same_bytes_under_the_same_id_and_another_end_under_another()
    {
        var refusals = 1;
        await using var receiver = await HttpReceiver.StartAsync(context =>
        {
            if (Interlocked.Decrement(ref refusals) >= 0)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        await using var app = await RemoteCalls.StartServerAsync(
            null, ("Workers:Count", "2"), ("Retries:BaseDelaySeconds", "0"), ("Handlers:Http:AllowedPrivateHosts:0", receiver.HostAndPort));
        using var admin = await app.ClientAsync("staff", Scopes.Admin);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        (await admin.PostApiAsync("/tenants/acme/signing-secrets")).Is(HttpStatusCode.Created);

        await RunAsync(acme, receiver);
        await Eventually.True(() => receiver.Calls.Count == 2, "the call is repeated");
        await RunAsync(acme, receiver);
        await Eventually.True(() => receiver.Calls.Count == 3, "the other end is told");

        var deliveries = (await acme.GetApiAsync("/jobs?queue=callbacks")).Items.Select(job => (string?)job["id"]).Reverse().ToList();
        Assert.Equal([deliveries[0], deliveries[0], deliveries[1]], receiver.Calls.Select(call => call["webhook-id"]));
        Assert.Equal(receiver.Calls[0].Text, receiver.Calls[1].Text);
    }

    [Fact]
    public async Task Result_as_deep_as_results_may_be_reaches_the_one_who_is_called()
    {
        await using var receiver = await HttpReceiver.StartAsync();
        await using var app = await RemoteCalls.StartServerAsync(
            null, ("Workers:Count", "1"), ("Handlers:Http:AllowedPrivateHosts:0", receiver.HostAndPort));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var result = new string('[', 63) + """{"a":"\ud800","a": 1.50}""" + new string(']', 63);
        await acme.SubmitAsync($$$"""{"type":"mail","payload":1,"callback":{"url":"{{{receiver.Address}}}"}}""");

        (await acme.AckAsync(await acme.LeaseAsync(more: ""","types":["mail"]"""), $$"""{"result":{{result}}}""")).Is(HttpStatusCode.OK);

        await Eventually.True(() => receiver.Calls.Count == 1, "the end is told");
        Assert.Contains($"\"result\":{result},", receiver.Calls[0].Text, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(HttpClient client, HttpReceiver receiver)
    {
        var id = (await client.SubmitAsync($$$"""{"payload":1,"callback":{"url":"{{{receiver.Address}}}hook"}}""")).Id;
        await UntilDoneAsync(client, id);
        return id;
    }

    private static Task UntilDoneAsync(HttpClient client, string id) =>
        Eventually.True(async () => (await client.JobAsync(id)).Text("status") == "done", "the job is done");

    private static HttpClient Client(Uri address) =>
        new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
}
