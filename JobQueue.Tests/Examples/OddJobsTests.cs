using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JobQueue.Access;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Examples;

/// <summary>
/// The workers of <c>docs/examples</c> with handlers whose results and errors cannot be kept: such a job fails for its own
/// reason, and the worker goes on. Each job's payload names what its handler does.
/// </summary>
public sealed partial class OddJobsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private QueueApp _app = null!;
    private HttpClient _acme = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(RemoteCalls.StandingClock());
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        _acme.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public Task Python_worker_survives_odd_jobs() => SurvivesAsync(
        "python3",
        "worker.py",
        PythonHandle(),
        """
        def handle(job, report):
            kind = job["payload"]
            if kind == "nan": return {"v": float("nan")}
            if kind == "large": return "x" * 600_000
            if kind == "deep": return __import__("functools").reduce(lambda inner, _: [inner], range(70), 1)
            if kind == "set": return {1}
            if kind == "undecodable name": raise FileNotFoundError("caf\udce9.txt")
            if kind == "nul": raise ValueError("GIF89a\x00")
            if kind == "long": raise ValueError("x" * 20_000_000)
            if kind == "exit": sys.exit("bye")
            if kind == "odd report": report(150, "p\udce9\x00", "l\udce9\x00")
            if kind == "refused report": report(float("nan"))
            return kind
        """,
        new()
        {
            ["nan"] = "The body is not valid JSON",
            ["large"] = "may have at most 512 KB",
            ["deep"] = "64 levels",
            ["set"] = "not JSON serializable",
            ["undecodable name"] = "caf\uFFFD.txt",
            ["nul"] = "GIF89a\uFFFD",
            ["long"] = "xxx",
            ["exit"] = "bye",
            ["odd report"] = null,
            ["refused report"] = null,
        });

    [Fact]
    public Task Node_worker_survives_odd_jobs() => SurvivesAsync(
        "node",
        "worker.mjs",
        NodeHandle(),
        """
        async function handle(job, { report, signal }) {
          switch (job.payload) {
            case 'large': return 'x'.repeat(600_000);
            case 'deep': return JSON.parse('['.repeat(70) + ']'.repeat(70));
            case 'bigint': return 1n;
            case 'circle': { const all = {}; all.self = all; return all; }
            case 'nul': throw new Error('GIF89a\0');
            case 'half a character': throw new Error('caf\udce9.txt');
            case 'long': throw new Error('x'.repeat(20_000_000));
            case 'nothing': throw undefined;
            case 'no object': throw Object.create(null);
            case 'left alone': Promise.reject(new Error('nobody waits')); break;
            case 'left behind': setTimeout(() => { throw new Error('much later'); }, 1); break;
            case 'odd report': await report(150, 'p\udce9\0', 'l\udce9\0'); break;
            case 'refused report': await report('half'); break;
          }
          return job.payload;
        }

        """,
        new()
        {
            ["large"] = "may have at most 512 KB",
            ["deep"] = "64 levels",
            ["bigint"] = "BigInt",
            ["circle"] = "circular",
            ["nul"] = "GIF89a\uFFFD",
            ["half a character"] = "caf\uFFFD.txt",
            ["long"] = "xxx",
            ["nothing"] = "undefined",
            ["no object"] = "null prototype",
            ["left alone"] = null,
            ["left behind"] = null,
            ["odd report"] = null,
            ["refused report"] = null,
        });

    [Fact]
    public Task Bash_worker_survives_odd_jobs() => SurvivesAsync(
        "bash",
        "worker.sh",
        BashHandle(),
        """
        handle() {
          case $(cat) in
            *'"payload":"no json"'*) echo 'all done, boss' ;;
            *'"payload":"nothing"'*) ;;
            *'"payload":"large"'*) printf '"%s"' "$(head -c 600000 /dev/zero | tr '\0' x)" ;;
            *'"payload":"deep"'*) printf '[%.0s' {1..70}; printf ']%.0s' {1..70} ;;
            *'"payload":"exit"'*) exit 3 ;;
            *) echo '"done"' ;;
          esac
        }

        """,
        new()
        {
            ["no json"] = "The body is not valid JSON",
            ["nothing"] = "The body is not valid JSON",
            ["large"] = "may have at most 512 KB",
            ["deep"] = "result",
            ["exit"] = "the command failed",
        });

    [Fact]
    public Task DotNet_worker_survives_odd_jobs() => SurvivesAsync(
        "dotnet",
        "worker.cs",
        DotNetHandle(),
        """
        static async Task<JsonNode?> HandleAsync(JsonNode job, Func<double, string?, Task> report, CancellationToken cancelled)
        {
            switch ((string?)job["payload"])
            {
                case "nan": return JsonValue.Create(double.NaN);
                case "large": return new string('x', 600_000);
                case "deep": return JsonNode.Parse(new string('[', 70) + new string(']', 70), documentOptions: new() { MaxDepth = 100 });
                case "nothing": return null;
                case "nul": throw new InvalidOperationException("GIF89a\0");
                case "half a character": throw new FileNotFoundException("caf\udce9.txt");
                case "long": throw new InvalidOperationException(new string('x', 20_000_000));
                case "odd report": await report(150, "p\udce9\0"); break;
                case "refused report": await report(double.NaN, null); break;
            }

            return job["payload"];
        }

        """,
        new()
        {
            ["nan"] = "cannot be written",
            ["large"] = "may have at most 512 KB",
            ["deep"] = "64 levels",
            ["nothing"] = null,
            ["nul"] = "GIF89a\uFFFD",
            ["half a character"] = "caf\uFFFD.txt",
            ["long"] = "xxx",
            ["odd report"] = null,
            ["refused report"] = "cannot be written",
        });

    /// <param name="ends">By what the handler does: what the job's error must say, or <see langword="null"/> when the job is done.</param>
    private async Task SurvivesAsync(string program, string script, Regex handle, string odd, Dictionary<string, string?> ends)
    {
        ScriptProcess.Find("curl", "curl is missing: apt-get install curl");
        var shipped = await File.ReadAllTextAsync(Repository.File("docs", "examples", script), TestContext.Current.CancellationToken);
        Assert.Single(handle.Matches(shipped));
        var copy = Path.Combine(_folder.Path, script);
        await File.WriteAllTextAsync(copy, handle.Replace(shipped, odd.Replace("$", "$$", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        string[] kinds = [.. ends.Keys, "plain"];
        var jobs = new JsonArray([.. kinds.Select(kind => new JsonObject { ["type"] = "greet", ["payload"] = kind, ["max_retries"] = 0 })]);
        var submitted = (await _acme.PostApiAsync("/jobs/batch", new JsonObject { ["jobs"] = jobs }.ToJsonString())).Items.Select(item => item["id"]!.GetValue<string>());

        await using var worker = await ExampleProgram.StartAsync(
            program, copy, ("JOBQUEUE_URL", _app.Address.ToString()), ("JOBQUEUE_TOKEN", await _app.TokenAsync("acme", Scopes.JobsWork)));

        foreach (var (kind, id) in kinds.Zip(submitted))
        {
            await Eventually.True(async () => (await _acme.JobAsync(id)).Text("status") is "done" or "failed", $"'{kind}' ends", TimeSpan.FromMinutes(1));
            var job = await _acme.JobAsync(id);
            var says = ends.GetValueOrDefault(kind);
            Assert.Equal((kind, says is null ? "done" : "failed", 0), (kind, job.Text("status"), job.Number("crashes")));
            if (says is not null)
                Assert.Contains(says, job.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.Equal(0, (await worker.TerminateAsync()).ExitCode);
    }

    [GeneratedRegex(@"^def handle\(.*?\n(?=\n\n)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex PythonHandle();

    [GeneratedRegex(@"^async function handle\(.*?\n}\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex NodeHandle();

    [GeneratedRegex(@"^static async Task<JsonNode\?> HandleAsync\(.*?\n}\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex DotNetHandle();

    [GeneratedRegex(@"^handle\(\) \{.*?\n}\n", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BashHandle();
}
