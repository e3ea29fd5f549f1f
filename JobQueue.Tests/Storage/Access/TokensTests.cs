using System.Net;
using System.Net.Http.Headers;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Access;

public sealed class TokensTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_made_in_a_demo_is_void_outside_it()
    {
        await using var app = await QueueApp.StartAsync();
        var token = await app.Services.GetRequiredService<ITokens>().CreateAsync(
            new NewTokenRequest("acme", "demo", [Scopes.JobsRead], null, "demo", Demo: true, Secret: "jq_demo_acme_x", RemoteAddress: null), Cancellation);
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Secret);

        (await client.GetApiAsync("/jobs")).Is(HttpStatusCode.Unauthorized, "token-invalid");
        await app.RestartAsync();
        using var afterRestart = app.Client();
        afterRestart.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        (await afterRestart.GetApiAsync("/jobs")).Is(HttpStatusCode.Unauthorized, "token-invalid");
    }

    [Fact]
    public async Task Secret_is_stored_nowhere()
    {
        await using var app = await QueueApp.StartAsync();
        var secret = await app.TokenAsync("acme", Scopes.JobsRead);

        await app.StopAsync();

        var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(app.DatabasePath, Cancellation));
        Assert.DoesNotContain(secret[8..], text, StringComparison.Ordinal);
        Assert.Contains(secret[..8], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bearer_token_opens_no_page()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        var answer = await client.GetApiAsync("/dashboard");

        Assert.Equal(HttpStatusCode.Redirect, answer.Status);
    }
}
