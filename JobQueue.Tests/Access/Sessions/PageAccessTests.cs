using System.Net;
using System.Text.RegularExpressions;
using JobQueue.Access;
using JobQueue.Access.Sessions;
using JobQueue.Access.Users;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Access.Sessions;

/// <summary>What a browser is told, and who gets what without or with a session.</summary>
public sealed class PageAccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static QueueAppOptions Demo { get; } = new() { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true" } };

    [Theory]
    [InlineData("/", "/dashboard")]
    [InlineData("/dashboard", "/login?returnUrl=%2Fdashboard")]
    [InlineData("/dashboard/jobs?status=failed", "/login?returnUrl=%2Fdashboard%2Fjobs%3Fstatus%3Dfailed")]
    [InlineData("/dashboard/jobs/0199b2a0-0000-7000-8000-000000000000/raw/payload", "/login?returnUrl=")]
    public async Task Stranger_is_led_to_the_door(string path, string location)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();

        using var answer = await client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith(location, answer.Headers.Location!.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Bearer_token_opens_no_page()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", Scopes.Admin);

        Assert.Equal(HttpStatusCode.Redirect, (await client.GetApiAsync("/dashboard")).Status);
    }

    [Fact]
    public async Task Circuit_needs_a_session_and_our_own_origin()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        using var stranger = app.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await NegotiateAsync(stranger, null)).StatusCode);

        using var visitor = app.Client();
        visitor.DefaultRequestHeaders.Add("Cookie", await CookieAsync(app, "operator"));
        Assert.Equal(HttpStatusCode.OK, (await NegotiateAsync(visitor, null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await NegotiateAsync(visitor, app.Address.GetLeftPart(UriPartial.Authority))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await NegotiateAsync(visitor, "https://evil.example")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await NegotiateAsync(visitor, "null")).StatusCode);
    }

    [Fact]
    public async Task Cookie_is_no_credential_for_the_api_and_ends_with_the_stamp()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        using var visitor = app.Client();
        visitor.DefaultRequestHeaders.Add("Cookie", await CookieAsync(app, "operator"));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/dashboard", Cancellation)).StatusCode);
        foreach (var (method, path) in app.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => Bearer.ScopesOf(endpoint).Any())
            .Select(endpoint => (endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single(), endpoint.RoutePattern.RawText!)))
        {
            var answer = await visitor.CallAsync(HttpMethod.Parse(method), path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{method} {path} answers {answer.Status}");
        }

        await app.Services.GetRequiredService<IAccounts>()
            .ChangeAsync("operator", new UserChanges(Role: Roles.Member), Some.Actor(), Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, (await visitor.GetAsync("/dashboard", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Session_survives_a_restart_and_its_keys_are_the_owners_alone()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        var cookie = await CookieAsync(app, "operator");

        await app.RestartAsync();

        using var visitor = app.Client();
        visitor.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/dashboard", Cancellation)).StatusCode);
        if (OperatingSystem.IsWindows())
            return;
        var folder = Path.Combine(app.Folder, "keys");
        const UnixFileMode ownerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(ownerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(ownerFile, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task Pages_forbid_framing_foreign_scripts_and_sniffing()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();

        using var answer = await client.GetAsync("/login", Cancellation);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_without_its_token_is_refused()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        using var client = app.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "login",
            ["Input.Name"] = "operator",
            ["Input.Password"] = "operator-demo",
        });

        using var answer = await client.PostAsync("/login", form, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Please try again", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/login", "login", "is wrong")]
    [InlineData("/setup", "setup", "alert-error")]
    public async Task Form_without_its_fields_is_answered_with_what_is_wrong(string path, string handler, string expected)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();
        using var page = await client.GetAsync(path, Cancellation);
        var token = Regex.Match(await page.Content.ReadAsStringAsync(Cancellation), "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = handler, ["__RequestVerificationToken"] = token }),
        };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_is_there_until_an_administrator_is()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/setup", Cancellation)).StatusCode);

        await app.Services.GetRequiredService<IAccounts>()
            .CreateAsync(new NewUser("root", "correct horse", Roles.Administrator, "acme", Demo: false), Some.Actor(), Cancellation);

        using var gone = await client.GetAsync("/setup", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains("Not found", await gone.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bootstrap_makes_the_first_administrator_and_needs_no_setup()
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Bootstrap:AdminUser"] = "root", ["Bootstrap:AdminPassword"] = "correct horse" },
        });
        using var client = app.Client();

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/setup", Cancellation)).StatusCode);
        Assert.Equal(
            Roles.Administrator,
            (await app.UserAsync("root", "correct horse"))!.Role);
    }

    [Theory]
    [InlineData("/dashboard/jobs?q=a", "/dashboard/jobs?q=a")]
    [InlineData("/queue/dashboard/jobs?q=/a", "/queue/dashboard/jobs?q=/a", "/queue")]
    [InlineData("/queue", "/queue", "/queue")]
    [InlineData("/dashboard", "/queue/dashboard", "/queue")]
    [InlineData("/queues/dashboard", "/queue/dashboard", "/queue")]
    [InlineData("/queue/../other", "/queue/dashboard", "/queue")]
    [InlineData("/queue/%2e%2e/other", "/queue/dashboard", "/queue")]
    [InlineData("https://evil.example", "/dashboard")]
    [InlineData("//evil.example", "/dashboard")]
    [InlineData("/\\evil.example", "/dashboard")]
    [InlineData("/\t/evil.example", "/dashboard")]
    [InlineData("javascript:alert(1)", "/dashboard")]
    [InlineData("", "/dashboard")]
    [InlineData(null, "/dashboard")]
    public void Only_a_path_of_ours_is_returned_to(string? asked, string led, string pathBase = "") =>
        Assert.Equal(led, PagePaths.LocalOrHome(pathBase, asked));

    private static Task<HttpResponseMessage> NegotiateAsync(HttpClient client, string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1");
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return client.SendAsync(request, Cancellation);
    }

    /// <summary>Signs in as a browser does.</summary>
    private static async Task<string> CookieAsync(QueueApp app, string name)
    {
        using var client = app.Client();
        using var answer = await (await Door.OpenAsync(client)).SignInAsync(name, $"{name}-demo");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var cookie = Door.SessionCookie(answer);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        return cookie.Split(';')[0];
    }
}
