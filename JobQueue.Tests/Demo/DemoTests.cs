using System.Net;
using System.Net.Http.Headers;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Demo;

public sealed class DemoTests
{
    private const string AcmeToken = "jq_demo_acme_0000000000000000000000000000";
    private const string UnlimitedToken = "jq_demo_unlimited_0000000000000000000000";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueAppOptions Demo { get; } =
        new() { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true" } };

    [Fact]
    public async Task Demo_has_its_tenants_accounts_and_tokens_also_after_a_restart()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        await CheckAsync();

        await app.RestartAsync();

        await CheckAsync();

        async Task CheckAsync()
        {
            Assert.Equal(("administrator", "acme"), await RoleAsync(app, "admin", "admin-demo"));
            Assert.Equal(("operator", "acme"), await RoleAsync(app, "operator", "operator-demo"));
            Assert.Equal(("member", "globex"), await RoleAsync(app, "member", "member-demo"));
            var tenants = await app.Services.GetRequiredService<TenantStore>().ListAsync(Cancellation);
            Assert.Equal(
                [("acme", 5, 10), ("globex", 5, 10), ("unlimited", null, null)],
                tenants.Select(tenant => (tenant.Name, tenant.Limits.MaxConcurrent, tenant.Limits.MaxNewPerMinute)));
            var tokens = await app.Services.GetRequiredService<ITokens>().ListAsync(null, Cancellation);
            Assert.Equal(["acme", "unlimited"], tokens.Select(token => token.Token.Tenant).Order());
            Assert.Equal(HttpStatusCode.Forbidden, await MetricsStatusAsync(app, AcmeToken));
            Assert.Equal(HttpStatusCode.Forbidden, await MetricsStatusAsync(app, UnlimitedToken));
        }
    }

    [Fact]
    public async Task What_was_made_in_a_demo_is_void_outside_it()
    {
        using var folder = new TemporaryFolder();
        await using (await QueueApp.StartAsync(Demo with { Folder = folder.Path }))
        {
        }

        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Folder = folder.Path });

        Assert.Equal(HttpStatusCode.Unauthorized, await MetricsStatusAsync(app, AcmeToken));
        Assert.Null(await app.UserAsync("admin", "admin-demo"));
    }

    [Fact]
    public async Task Demo_refuses_a_database_with_a_real_administrator()
    {
        using var folder = new TemporaryFolder();
        await using (var real = await QueueApp.StartAsync(new QueueAppOptions { Folder = folder.Path }))
        {
            await real.Services.GetRequiredService<IAccounts>()
                .CreateAsync(new NewUser("root", "a long password", "administrator", "acme", Demo: false), Some.Actor(), Cancellation);
        }

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => QueueApp.StartAsync(Demo with { Folder = folder.Path }));

        Assert.Contains("--Demo:Enabled=false", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls=http://0.0.0.0:5080")]
    [InlineData("--urls=http://localhost:5080;http://*:5081")]
    [InlineData("--urls=http://demo.example:5080")]
    [InlineData("--http_ports=8080")]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://[::]:5080")]
    public void Demo_refuses_to_listen_for_others(string address) =>
        Assert.Throws<StartRefusedException>(() => QueueApp.Build(["--Demo:Enabled=true", address]));

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:5080", HttpStatusCode.OK)]
    [InlineData("[::1]", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.BadRequest)]
    public async Task Demo_answers_loopback_host_names_alone(string host, HttpStatusCode expected)
    {
        await using var app = await QueueApp.StartAsync(Demo);
        using var client = app.Client();
        client.DefaultRequestHeaders.Host = host;

        Assert.Equal(expected, (await client.GetAsync("/health/live", Cancellation)).StatusCode);
    }

    private static async Task<(string Role, string Tenant)> RoleAsync(QueueApp app, string name, string password)
    {
        var user = await app.UserAsync(name, password);
        return (user!.Role, user.Tenant);
    }

    private static async Task<HttpStatusCode> MetricsStatusAsync(QueueApp app, string token)
    {
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await client.GetAsync("/metrics", Cancellation)).StatusCode;
    }
}
