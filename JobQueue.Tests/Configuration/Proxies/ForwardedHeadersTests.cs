using JobQueue.Tests.Support;

namespace JobQueue.Tests.Configuration.Proxies;

/// <summary>What a proxy tells is believed of known ones alone, and the log says so where that may surprise.</summary>
public sealed class ForwardedHeadersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Host", "queue.example.com")]
    [InlineData("X-Forwarded-Prefix", "/queue")]
    public async Task Unknown_proxy_is_not_believed_and_named_once_in_the_log(string header, string value)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();
        client.DefaultRequestHeaders.Add(header, value);

        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.GetAsync("/dashboard", Cancellation);
            Assert.Equal("/login?returnUrl=%2Fdashboard", answer.Headers.Location!.OriginalString);
        }

        await app.StopAsync();
        var line = Assert.Single(await app.LogLinesAsync(), line => line.Contains("Proxy:KnownNetworks", StringComparison.Ordinal));
        Assert.Contains(header, line, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Known_proxy_is_no_word_in_the_log()
    {
        await using var app = await StartWithProxyAsync();
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        using var answer = await client.GetAsync("/dashboard", Cancellation);

        await app.StopAsync();
        Assert.DoesNotContain(await app.LogLinesAsync(), line => line.Contains("Proxy:KnownNetworks", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirects_name_the_path_alone_whatever_scheme_and_host_the_server_sees()
    {
        await using var app = await StartWithProxyAsync();
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "LOCALHOST:443");

        using var stranger = await client.GetAsync("/dashboard?range=day", Cancellation);
        using var welcome = await (await Door.OpenAsync(client)).SignInAsync("operator", "operator-demo");

        Assert.Equal("/login?returnUrl=%2Fdashboard%3Frange%3Dday", stranger.Headers.Location!.OriginalString);
        Assert.Equal("/dashboard", welcome.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Cookies_are_for_https_alone_where_the_proxy_was_asked_over_it(string scheme, bool secure)
    {
        await using var app = await StartWithProxyAsync();
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);

        using var page = await client.GetAsync("/login", Cancellation);
        using var welcome = await (await Door.OpenAsync(client)).SignInAsync("operator", "operator-demo");

        foreach (var cookie in (string[])[Assert.Single(page.Headers.GetValues("Set-Cookie")), Door.SessionCookie(welcome)])
            Assert.Equal(secure, cookie.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    private static Task<QueueApp> StartWithProxyAsync() => QueueApp.StartAsync(new QueueAppOptions
    {
        Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Proxy:KnownNetworks:0"] = "127.0.0.0/8" },
    });
}
