using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Clients;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Docs;

/// <summary>The programs of <c>docs/clients.md</c>, run as they stand there.</summary>
public sealed class ClientsPageTests(ClientPackages packages) : IAsyncLifetime
{
    private const string Page = "clients.md";

    private QueueApp _app = null!;
    private HttpClient _acme = null!;
    private TemporaryFolder? _folder;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Url => _app.Address.ToString().TrimEnd('/');

    public async ValueTask InitializeAsync()
    {
        // Who follows comes back to where it was.
        _app = await RemoteCalls.StartServerAsync(time: null, ("urls", $"http://127.0.0.1:{FreePort.Any()}"), ("Events:RestartSeconds", "1"));
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
        _folder?.Dispose();
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("got")]
    [InlineData("ky")]
    [InlineData("axios")]
    [InlineData(".NET")]
    [InlineData("Python")]
    public async Task Submission_that_is_refused_and_then_loses_its_answer_ends_as_one_job(string heading)
    {
        await using var proxy = await UnluckyProxy.StartAsync(_app);

        var output = await RunAsync(
            heading, ("JOBQUEUE_URL", proxy.Url), ("JOBQUEUE_TOKEN", await _app.TokenAsync("acme", Scopes.JobsSubmit)));

        var job = Assert.Single((await _acme.GetApiAsync("/jobs")).Is(HttpStatusCode.OK).Items);
        Assert.Contains(job["id"]!.GetValue<string>(), output, StringComparison.Ordinal);
        Assert.Equal((3, true), (proxy.Calls, proxy.Replayed));
        Assert.True(proxy.Waited > UnluckyProxy.RetryAfter - TimeSpan.FromMilliseconds(50), $"It came back after {proxy.Waited}.");
    }

    [Fact]
    public async Task Event_source_with_a_token_tells_of_a_job_and_of_a_restart()
    {
        await using var follower = await StartAsync("With a token of one's own");
        Assert.Equal("following", await follower.NextLineAsync());

        var id = (await _acme.SubmitAsync("""{"type":"mail","payload":1}""")).Id;
        await _acme.AckAsync(await _acme.LeaseAsync());
        Assert.Equal($"done {id}", await follower.NextLineAsync());

        await _app.RestartAsync();
        Assert.Equal("following", await follower.NextLineAsync());
        Assert.Equal("reset", await follower.NextLineAsync());
    }

    [Fact]
    public async Task Proxy_of_ones_own_lets_a_page_follow_without_a_token()
    {
        await using var proxy = await StartAsync("In a browser");
        using var page = new HttpClient { BaseAddress = new Uri(await proxy.NextLineAsync()) };

        using var first = await page.GetAsync("/job-events", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var id = (await _acme.SubmitAsync("""{"type":"mail","payload":1}""")).Id;
        Assert.Contains(id, await UntilDataAsync(first), StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "/job-events");
        again.Headers.Add("Last-Event-ID", first.Headers.GetValues("Last-Event-ID"));
        using var second = await page.SendAsync(again, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Contains(id, await UntilDataAsync(second), StringComparison.Ordinal);
    }

    /// <summary>The first line of data in the stream.</summary>
    private static async Task<string> UntilDataAsync(HttpResponseMessage stream)
    {
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    /// <summary>Starts the program below a heading, which follows the server.</summary>
    private async Task<ScriptProcess> StartAsync(string heading) => ScriptProcess.Start(
        ScriptProcess.Find("node", "node is missing: apt-get install nodejs"),
        [await WriteAsync(heading)],
        ("JOBQUEUE_URL", Url),
        ("JOBQUEUE_TOKEN", await _app.TokenAsync("acme", Scopes.JobsRead)),
        ("PORT", "0"));

    /// <summary>Runs the program below a heading to its good end; answers what it said.</summary>
    private async Task<string> RunAsync(string heading, params (string Name, string Value)[] environment)
    {
        var text = Snippets.Below(heading, Page);
        switch (heading)
        {
            case ".NET":
                return await CompiledProgram.Of("docs-clients", [text]).RunAsync([], environment);
            case "curl":
                ScriptProcess.Find("curl", "curl is missing: apt-get install curl");
                return await InterpretAsync("bash", ["-eu", "-c", text], environment);
            case "Python":
                var python = ScriptProcess.Find("python3", "Python 3 is missing: apt-get install python3");
                var (exitCode, _) = await Tool.RunAsync(Path.GetTempPath(), python, ["-c", "import urllib3"]);
                Requires.That(exitCode == 0, "urllib3 is missing: apt-get install python3-urllib3");
                return await InterpretAsync("python3", ["-c", text], environment);
            default:
                return await InterpretAsync("node", [await WriteAsync(heading)], environment);
        }
    }

    private async Task<string> InterpretAsync(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        _folder ??= new TemporaryFolder();
        return await Tool.MustRunAsync(_folder.Path, ScriptProcess.Find(program, $"{program} is missing"), arguments, environment);
    }

    /// <summary>The program below a heading as a file beside the packages that it imports.</summary>
    private async Task<string> WriteAsync(string heading)
    {
        _folder = await packages.FolderAsync();
        var path = Path.Combine(_folder.Path, "program.mjs");
        await File.WriteAllTextAsync(path, Snippets.Below(heading, Page), Cancellation);
        return path;
    }
}
