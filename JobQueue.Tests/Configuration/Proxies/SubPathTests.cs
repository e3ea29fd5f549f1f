using System.Net;
using System.Text.Json.Nodes;
using JobQueue.Access;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Configuration.Proxies;

/// <summary>Everything lies below a path, whether the settings or a known proxy say so, and whether the proxy takes it off or not.</summary>
public sealed class SubPathTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/queue", null, "/queue", "/queue")]
    [InlineData("/queue", null, "", "/queue")]
    [InlineData("", "/queue", "/queue", "/queue")]
    [InlineData("", "/queue", "", "/queue")]
    [InlineData("", "/queue/", "", "/queue")]
    [InlineData("/queue", "/team/jobs-1", "", "/team/jobs-1")]
    public async Task Addresses_name_the_path(string setting, string? header, string asked, string expected)
    {
        await using var app = await StartAsync(setting);
        using var client = Client(app, header);
        client.DefaultRequestHeaders.Authorization = new("Bearer", await app.TokenAsync("acme", Scopes.Admin));

        var job = await client.PostApiAsync($"{asked}/jobs", """{"payload":1}""");
        var token = await client.PostApiAsync($"{asked}/tokens", """{"scopes":["jobs:read"]}""");
        var user = await client.PostApiAsync($"{asked}/users", """{"name":"ann","password":"correct horse"}""");
        var tenant = await client.PutApiAsync($"{asked}/tenants/new", "{}");
        var document = JsonNode.Parse(await client.GetStringAsync($"{asked}/openapi/v1.json", Cancellation))!;

        Assert.Equal($"{expected}/jobs/{job.Id}", job.Is(HttpStatusCode.Created).Header("Location"));
        Assert.Equal($"{expected}/tokens/{token.Id}", token.Is(HttpStatusCode.Created).Header("Location"));
        Assert.Equal($"{expected}/users/ann", user.Is(HttpStatusCode.Created).Header("Location"));
        Assert.Equal($"{expected}/tenants/new", tenant.Is(HttpStatusCode.Created).Header("Location"));
        Assert.Equal($"{app.Address.GetLeftPart(UriPartial.Authority)}{expected}", (string?)document["servers"]![0]!["url"]);
        Assert.Equal($"{expected}/dashboard", await LocationAsync(client, $"{asked}/"));
        Assert.Equal($"{expected}/login?returnUrl={Uri.EscapeDataString($"{expected}/dashboard/jobs?status=failed")}", await LocationAsync(client, $"{asked}/dashboard/jobs?status=failed"));
    }

    [Theory]
    [InlineData("/queue")]
    [InlineData("")]
    public async Task Pages_forms_files_and_cookies_lie_below_the_path(string asked)
    {
        await using var app = await StartAsync("/queue");
        using var client = Client(app, null);

        using var page = await client.GetAsync($"{asked}/login?returnUrl=%2Fqueue%2Fdashboard%2Fjobs", Cancellation);
        var html = await page.Content.ReadAsStringAsync(Cancellation);
        using var welcome = await (await Door.OpenAsync(client, $"{asked}/login")).SignInAsync("operator", "operator-demo");

        Assert.Contains("<base href=\"/queue/\"", html, StringComparison.Ordinal);
        Assert.Contains("action=\"login?returnUrl=%2Fqueue%2Fdashboard%2Fjobs\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("=\"/\"", html, StringComparison.Ordinal);
        Assert.Contains("path=/queue;", Assert.Single(page.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.Equal("/queue/dashboard", welcome.Headers.Location!.ToString());
        Assert.Contains("path=/queue;", Door.SessionCookie(welcome), StringComparison.Ordinal);
        foreach (var file in (string[])["/css/app.css", "/js/circuit.js", "/_framework/blazor.web.js", "/_content/MudBlazor/MudBlazor.min.js", "/health/live"])
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"{asked}{file}", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("/\"><script>")]
    [InlineData("//evil.example")]
    [InlineData("/a/../b")]
    [InlineData("/a%22b")]
    public async Task Prefix_that_means_more_than_a_path_is_ignored_and_logged(string prefix)
    {
        await using var app = await StartAsync("");
        using var client = Client(app, prefix);

        var html = await client.GetStringAsync("/login", Cancellation);

        Assert.Contains("<base href=\"/\"", html, StringComparison.Ordinal);
        await app.StopAsync();
        Assert.Contains(await app.LogLinesAsync(), line => line.Contains("X-Forwarded-Prefix", StringComparison.Ordinal) && line.Contains("is ignored", StringComparison.Ordinal));
    }

    private static Task<QueueApp> StartAsync(string pathBase) => QueueApp.StartAsync(new QueueAppOptions
    {
        Settings = new Dictionary<string, string>
        {
            ["Demo:Enabled"] = "true",
            ["Hosting:PathBase"] = pathBase,
            ["Proxy:KnownNetworks:0"] = "127.0.0.0/8",
        },
    });

    /// <summary>Not one that holds answers to the document, which tells of paths without a prefix.</summary>
    private static HttpClient Client(QueueApp app, string? prefix)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Address };
        if (prefix is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-Prefix", prefix);
        return client;
    }

    private static async Task<string?> LocationAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancellation);
        return answer.Headers.Location?.OriginalString;
    }
}
