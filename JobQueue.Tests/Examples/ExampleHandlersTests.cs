using System.Net;
using System.Text.Json.Nodes;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Examples;

/// <summary>Job types of an assembly of one's own, which brings a package that the program does not have.</summary>
public sealed class ExampleHandlersTests(ExampleHandlers example)
{
    [Fact]
    public async Task Job_of_an_assembly_of_ones_own_runs_with_what_lies_beside_it()
    {
        var assembly = await example.AssemblyAsync();
        await using var app = await RemoteCalls.StartServerAsync(null, ("Workers:Count", "2"), ("Handlers:Assemblies:0", assembly));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);

        var done = await EndedAsync(acme, """{"markdown":"*hello* <b>"}""");
        var failed = await EndedAsync(acme, """{"markdwon":"*hello*"}""");

        Assert.Equal("<p><em>hello</em> &lt;b&gt;</p>\n", (string?)done["result"]!["html"]);
        Assert.Equal(("failed", "permanent_error"), ((string?)failed["status"], (string?)failed["reason"]));
        Assert.Equal(
            ("payload.markdwon is not known; known are markdown, extensions. payload.markdown is missing.", "invalid_payload"),
            ((string?)failed["error"]!["message"], (string?)failed["error"]!["type"]));
        var type = (await acme.GetApiAsync("/types")).Is(HttpStatusCode.OK).Items.Single(item => (string?)item["type"] == "markdown.render");
        Assert.Equal(200_000, (int)type["payload_schema"]!["properties"]!["markdown"]!["maxLength"]!);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(assembly)!, "JobQueue.dll")), "The program's own file does not lie beside it.");
    }

    private static async Task<JsonNode> EndedAsync(HttpClient client, string payload)
    {
        var id = (await client.SubmitAsync($$"""{"type":"markdown.render","payload":{{payload}}}""")).Id;
        await Eventually.True(async () => (await client.JobAsync(id)).Text("status") is "done" or "failed", "the job has ended");
        return (await client.JobAsync(id)).Json;
    }
}
