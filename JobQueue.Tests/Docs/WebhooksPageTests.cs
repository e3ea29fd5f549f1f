using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Docs;

/// <summary>The receivers of <c>docs/webhooks.md</c>, run as they stand there.</summary>
public sealed class WebhooksPageTests(ClientPackages packages)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("With standardwebhooks")]
    [InlineData("With svix")]
    public async Task Receiver_takes_what_is_signed_with_its_secret_and_nothing_else(string heading)
    {
        var node = ScriptProcess.Find("node", "node is missing: apt-get install nodejs");
        using var folder = await packages.FolderAsync();
        var program = Path.Combine(folder.Path, "receiver.mjs");
        await File.WriteAllTextAsync(program, Snippets.Below(heading, "webhooks.md"), Cancellation);
        var port = FreePort.Any();
        await using var app = await RemoteCalls.StartServerAsync(
            time: null, ("Workers:Count", "1"), ("Handlers:Http:AllowedPrivateHosts:0", $"127.0.0.1:{port}"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using var globex = await app.ClientAsync("globex", RemoteCalls.AllScopes);
        using var admin = await app.ClientAsync("staff", Scopes.Admin);
        var secret = (await admin.PostApiAsync("/tenants/acme/signing-secrets")).Is(HttpStatusCode.Created).Text("secret")!;
        await admin.PostApiAsync("/tenants/globex/signing-secrets");
        await using var receiver = ScriptProcess.Start(node, [program], ("WEBHOOK_SECRET", secret), ("PORT", $"{port}"));
        Assert.Equal("listening", await receiver.NextLineAsync());

        var call = $$"""{ "type": "http.request", "payload": { "url": "http://127.0.0.1:{{port}}/hooks", "body": { "order": 1017 } } }""";
        var (own, others) = ((await acme.SubmitAsync(call)).Id, (await globex.SubmitAsync(call)).Id);

        Assert.Equal("order 1017", await receiver.NextLineAsync());
        await Eventually.True(async () => (await acme.JobAsync(own)).Text("status") == "done", "it is delivered");
        await Eventually.True(async () => (await globex.JobAsync(others)).Text("status") == "failed", "another secret's is refused");
        Assert.Equal("http_401", (string?)(await globex.JobAsync(others)).Json["error"]!["type"]);
    }
}
