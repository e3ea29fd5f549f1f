using System.Net.Http.Headers;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Commands;

/// <summary>The server as a process of its own, told to stop.</summary>
public sealed class StopTests
{
    private const string Token = "jq_demo_unlimited_0000000000000000000000";

    [Fact]
    public async Task Signal_after_the_first_changes_nothing_and_the_running_job_ends()
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Start(folder.Path, [], ("Demo__Enabled", "true"));
        using var client = Client(await server.AddressAsync());
        var id = (await client.SubmitAsync("""{"type":"sleep","payload":{"seconds":2}}""")).Id;
        await Eventually.True(async () => (await client.JobAsync(id)).Text("status") == "running", "the job runs");

        foreach (var signal in (string[])["TERM", "INT", "INT"])
            await server.SignalAsync(signal);
        var (exitCode, _, error) = await server.EndAsync();

        Assert.Equal((0, ""), (exitCode, error));
        await using var next = ServerProcess.Start(folder.Path, [], ("Demo__Enabled", "true"));
        using var later = Client(await next.AddressAsync());
        Assert.Equal("done", (await later.JobAsync(id)).Text("status"));
        Assert.Equal(["done"], await later.OutcomesAsync(id));
    }

    private static HttpClient Client(Uri address) =>
        new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
}
