using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using JobQueue.Tests.Handlers.Loading;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Docs;

/// <summary>The class of <c>docs/handlers.md</c>, its test, and what the page says of payloads that do not fit.</summary>
public sealed partial class HandlersPageTests : IDisposable
{
    private const string Page = "handlers.md";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Class_is_short_and_runs_a_job_of_its_own_example()
    {
        var source = Snippets.Below("The class", Page);
        Assert.InRange(source.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 39);
        var path = _folder.File("CsvSum.dll");
        CompiledHandlers.Write(path, source);
        await using var app = await RemoteCalls.StartServerAsync(null, ("Workers:Count", "1"), ("Handlers:Assemblies:0", path));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var type = (await acme.GetApiAsync("/types")).Items.Single(item => (string?)item["type"] == "csv.sum");

        var id = (await acme.SubmitAsync(new JsonObject { ["type"] = "csv.sum", ["payload"] = type["example"]!.DeepClone() }.ToJsonString())).Id;

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "done", "the job is done");
        Assert.Equal("""{"sum":23.50,"rows":2}""", (await acme.JobAsync(id)).Json["result"]!.ToJsonString());
    }

    [Fact]
    public async Task Test_of_the_class_passes()
    {
        var path = _folder.File("CsvSumTests.dll");
        CompiledHandlers.Write(path, Snippets.Below("The class", Page), Snippets.Below("Its test", Page));
        var tests = Assembly.LoadFrom(path).GetType("CsvSumHandlerTests")!;
        var facts = tests.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))).ToList();

        Assert.Equal(2, facts.Count);
        foreach (var fact in facts)
            await (Task)fact.Invoke(Activator.CreateInstance(tests), BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    [Fact]
    public void Payloads_that_do_not_fit_are_told_in_the_words_of_the_page()
    {
        var path = _folder.File("CsvSum.dll");
        CompiledHandlers.Write(path, Snippets.Below("The class", Page));
        Assert.True(HandlersUnderTest.Registry(("Handlers:Assemblies:0", path)).TryGet("csv.sum", out var handler));

        var rows = Refusals().Matches(File.ReadAllText(Repository.File("docs", Page)));

        Assert.Equal(4, rows.Count);
        Assert.All(rows, row => Assert.Equal(row.Groups["error"].Value, handler.PayloadError(Encoding.UTF8.GetBytes(row.Groups["payload"].Value))));
    }

    [GeneratedRegex(@"^\| `(?<payload>\{[^`]*)` \| (?<error>payload.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Refusals();
}
