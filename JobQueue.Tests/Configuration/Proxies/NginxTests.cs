using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JobQueue.Access;
using JobQueue.Tests.Browser;
using JobQueue.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace JobQueue.Tests.Configuration.Proxies;

/// <summary>The server behind a real nginx, set up as docs/proxies.md shows.</summary>
public sealed partial class NginxTests(Chromium chromium)
{
    private const string NoPrefix = "proxy_set_header X-Forwarded-Prefix '';";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Ways => new()
    {
        { "/", "root" },
        { "/queue/", "setting" },
        { "/queue/", "header" },
        { "/queue/", "header, and the proxy takes the path off" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Api_answers_over_tls_with_addresses_that_can_be_followed(string path, string way)
    {
        await using var app = await StartAsync(way);
        await using var nginx = await Nginx.StartAsync(app, Documented(way));
        using var client = await ClientAsync(app, nginx, path);

        using var made = await client.PostAsync("jobs", Json("""{"payload":{"n":1}}"""), Cancellation);
        using var followed = await client.GetAsync(made.Headers.Location, Cancellation);
        var document = JsonNode.Parse(await client.GetStringAsync("openapi/v1.json", Cancellation))!;
        using var large = await client.PostAsync("jobs", Json($$"""{"payload":"{{new string('x', 500_000)}}"}"""), Cancellation);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Created), (made.StatusCode, followed.StatusCode, large.StatusCode));
        Assert.StartsWith($"{path}jobs/", made.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.Equal(new Uri(nginx.Address, path).ToString().TrimEnd('/'), (string?)document["servers"]![0]!["url"]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Events_come_through_as_they_happen(string path, string way)
    {
        await using var app = await StartAsync(way);
        await using var nginx = await Nginx.StartAsync(app, Documented(way));
        using var client = await ClientAsync(app, nginx, path);
        await using var stream = await client.GetStreamAsync("events", Cancellation);
        await using var events = SseParser.Create(stream).EnumerateAsync(Cancellation).GetAsyncEnumerator(Cancellation);

        using var made = await client.PostAsync("jobs", Json("""{"payload":{"n":1}}"""), Cancellation);

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("submitted", events.Current.EventType);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Person_signs_in_and_watches_a_job_in_the_live_dashboard(string path, string way)
    {
        await using var app = await StartAsync(way);
        await using var nginx = await Nginx.StartAsync(app, Documented(way));
        await using var visit = await Visit.BeginAsync(chromium, new Uri(nginx.Address, path));
        await visit.SignInAsync("operator", "/dashboard/submit");

        await visit.Page.GetByLabel("Payload").FillAsync("""{"n": 1}""");
        await visit.Button("Submit job").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex($"^{Regex.Escape(new Uri(nginx.Address, path).ToString())}dashboard/jobs/[0-9a-f-]{{36}}$"));
        await Expect(visit.Status).ToHaveTextAsync("done");
        await visit.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Dead letters" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Uri(nginx.Address, $"{path}dashboard/dlq").ToString());
        await Expect(visit.Heading).ToHaveTextAsync("Dead letters");

        var cookies = await visit.Page.Context.CookiesAsync();
        Assert.Equal(2, cookies.Count);
        Assert.All(cookies, cookie => Assert.Equal((true, path.Length == 1 ? path : path.TrimEnd('/')), (cookie.Secure, cookie.Path)));
        await visit.Button("Account of operator").ClickAsync();
        await visit.Button("Sign out").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Uri(nginx.Address, $"{path}login").ToString());
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_says_what_to_do_where_the_proxy_hands_on_another_host(ColorScheme theme)
    {
        await using var app = await StartAsync("root");
        await using var nginx = await Nginx.StartAsync(app, "server { listen 80; location / { proxy_pass http://127.0.0.1:5080; } }");
        await using var visit = await Visit.BeginAsync(chromium, nginx.Address, new VisitOptions(Theme: theme));

        await ExpectNoLiveConnectionAsync(visit, nginx, "proxy_set_header Host $http_host");

        await app.StopAsync();
        Assert.Single(await app.LogLinesAsync(), line => line.Contains("A live connection was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_says_what_to_do_where_the_proxy_lets_no_connection_through()
    {
        await using var app = await StartAsync("root");
        await using var nginx = await Nginx.StartAsync(
            app,
            """
            server {
                listen 80;
                proxy_set_header Host $http_host;
                location / { proxy_pass http://127.0.0.1:5080; }
                location /_blazor { return 502; }
            }
            """);
        await using var visit = await Visit.BeginAsync(chromium, nginx.Address);

        await ExpectNoLiveConnectionAsync(visit, nginx, "must hand on the headers Host, Upgrade and Connection");
    }

    private static async Task ExpectNoLiveConnectionAsync(Visit visit, Nginx nginx, string advice)
    {
        visit.Forgives = true;
        await visit.Page.GotoAsync("/login");
        await visit.Page.GetByLabel("User name").FillAsync("operator");
        await visit.Page.GetByLabel("Password").FillAsync("operator-demo");
        await visit.Button("Sign in").ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Uri(nginx.Address, "/dashboard").ToString());
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no live connection.");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(advice);
    }

    private static Task<QueueApp> StartAsync(string way)
    {
        var settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Proxy:KnownNetworks:0"] = "127.0.0.1/32" };
        if (way == "setting")
            settings["Hosting:PathBase"] = "/queue";
        return QueueApp.StartAsync(new QueueAppOptions { Settings = settings });
    }

    private static async Task<HttpClient> ClientAsync(QueueApp app, Nginx nginx, string path) => new(new SocketsHttpHandler
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == nginx.Thumbprint },
    })
    {
        BaseAddress = new Uri(nginx.Address, path),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", await app.TokenAsync("acme", Scopes.JobsSubmit, Scopes.JobsRead)) },
    };

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    /// <summary>The configuration as the document has it, with the exchanges that it tells of.</summary>
    private static string Documented(string way)
    {
        var blocks = Blocks().Matches(File.ReadAllText(Repository.File("docs", "proxies.md"))).Select(block => block.Groups["text"].Value).ToList();
        Assert.Equal(2, blocks.Count);
        var (server, location) = (blocks[0], blocks[1]);
        Assert.Contains(NoPrefix, server, StringComparison.Ordinal);
        if (way != "root")
            server = RootLocation().Replace(server, location.Replace("$", "$$", StringComparison.Ordinal), 1);
        if (way.StartsWith("header", StringComparison.Ordinal))
            server = server.Replace(NoPrefix, "proxy_set_header X-Forwarded-Prefix /queue;", StringComparison.Ordinal);
        if (way.EndsWith("off", StringComparison.Ordinal))
            server = server.Replace("proxy_pass http://127.0.0.1:5080;", "proxy_pass http://127.0.0.1:5080/;", StringComparison.Ordinal);
        return server;
    }

    [GeneratedRegex("^```nginx\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@" *location / \{.*?\}\n", RegexOptions.Singleline)]
    private static partial Regex RootLocation();
}
