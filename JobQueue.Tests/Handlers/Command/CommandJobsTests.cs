using JobQueue.Tests.Support;

namespace JobQueue.Tests.Handlers.Command;

/// <summary>Jobs of type <c>command.run</c> in a whole server.</summary>
public sealed class CommandJobsTests
{
    public CommandJobsTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "the commands of these tests are Unix's");

    [Fact]
    public async Task Listed_command_runs_with_the_values_of_its_job()
    {
        await using var app = await StartAsync(("Path", "/bin/sh"), ("Args:0", "-c"), ("Args:1", "echo $1; echo $2"), ("Args:2", "sh"), ("Args:3", "{name}"), ("Args:4", "{size}"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);

        var job = await EndAsync(acme, """{"type":"command.run","payload":{"command":"test","args":{"name":"a b; id","size":2.50}}}""");

        Assert.Equal("""{"exit_code":0,"output":"a b; id\n2.50\n"}""", job.Json["result"]!.ToJsonString());
        Assert.Equal(["a b; id", "2.50"], (await acme.GetApiAsync($"/jobs/{job.Id}/logs")).Items.Select(line => (string?)line["message"]));
    }

    [Theory]
    [InlineData("""{"command":"rm"}""", "Handlers:Command:Commands:rm")]
    [InlineData("""{"command":"test","args":{"name":"x"}}""", "args.name has no place")]
    [InlineData("""{"command":"test","args":["x"]}""", "args must be an object")]
    [InlineData("""{"command":"test","arguments":{}}""", "arguments is not known")]
    [InlineData("""{}""", "command is missing")]
    public async Task Payload_that_does_not_fit_fails_for_good(string payload, string error)
    {
        await using var app = await StartAsync(("Path", "/bin/true"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);

        var job = await EndAsync(acme, $$"""{"type":"command.run","payload":{{payload}}}""");

        Assert.Equal("permanent_error", job.Text("reason"));
        Assert.Contains(error, (string?)job.Json["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_fails_is_tried_again()
    {
        await using var app = await StartAsync(("Path", "/bin/sh"), ("Args:0", "-c"), ("Args:1", "echo no paper; exit 4"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);

        var job = await EndAsync(acme, """{"type":"command.run","payload":{"command":"test"},"max_retries":1}""");

        Assert.Equal(("retries_exhausted", 1), (job.Text("reason"), job.Number("retries")));
        Assert.Equal("""{"message":"The command test ended with exit code 4: no paper","type":"exit_4"}""", job.Json["error"]!.ToJsonString());
    }

    [Fact]
    public async Task Program_that_is_not_there_is_named()
    {
        await using var app = await StartAsync(("Path", "/no/such/program"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);

        var job = await EndAsync(acme, """{"type":"command.run","payload":{"command":"test"},"max_retries":0}""");

        Assert.Equal("""{"message":"/no/such/program cannot be started: No such file or directory.","type":"not_started"}""", job.Json["error"]!.ToJsonString());
    }

    [Fact]
    public async Task Timeout_kills_the_command_and_is_told_as_one()
    {
        await using var app = await StartAsync(("Path", "/bin/sleep"), ("Args:0", "1000"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);

        var job = await EndAsync(acme, """{"type":"command.run","payload":{"command":"test"},"max_retries":0,"timeout_seconds":1}""");

        Assert.Equal("timeout", (string?)job.Json["error"]!["type"]);
    }

    /// <summary>Measured: 13 MB, also for a gigabyte.</summary>
    [Fact]
    public async Task Hundreds_of_megabytes_of_output_are_drained_and_cost_the_server_little_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells how much memory a process had");
        using var folder = new TemporaryFolder();
        const string Commands = "Handlers__Command__Commands__";
        await using var server = ServerProcess.Start(
            folder.Path,
            [],
            ("Demo__Enabled", "true"),
            ($"{Commands}small__Path", "/bin/echo"),
            ($"{Commands}large__Path", "/bin/sh"),
            ($"{Commands}large__Args__0", "-c"),
            ($"{Commands}large__Args__1", "yes | head -c 300000000"));
        using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "jq_demo_unlimited_0000000000000000000000");
        await EndAsync(client, """{"type":"command.run","payload":{"command":"small"}}""");
        var before = server.PeakMemory;

        var job = await EndAsync(client, """{"type":"command.run","payload":{"command":"large"}}""");

        Assert.InRange(server.PeakMemory - before, 0, 64L << 20);
        Assert.Equal(64 << 10, ((string)job.Json["result"]!["output"]!).Length);
        var log = (await client.GetApiAsync($"/jobs/{job.Id}/logs?limit=200")).Items;
        Assert.Equal(200, log.Count);
    }

    [Fact]
    public async Task Cancel_kills_the_command()
    {
        await using var app = await StartAsync(("Path", "/bin/sh"), ("Args:0", "-c"), ("Args:1", "echo ready; sleep 1000"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var id = (await acme.SubmitAsync("""{"type":"command.run","payload":{"command":"test"}}""")).Id;
        await Eventually.True(async () => (await acme.GetApiAsync($"/jobs/{id}/logs")).Items.Count == 1, "the command runs");

        await acme.PostApiAsync($"/jobs/{id}/cancel");

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("reason") == "cancelled", "the job has ended");
    }

    private static Task<QueueApp> StartAsync(params (string Key, string Value)[] command) => QueueApp.StartAsync(new QueueAppOptions
    {
        Settings = command.ToDictionary(setting => $"Handlers:Command:Commands:test:{setting.Key}", setting => setting.Value)
            .Append(KeyValuePair.Create("Retries:BaseDelaySeconds", "0")).ToDictionary(),
    });

    private static async Task<ApiAnswer> EndAsync(HttpClient client, string submission)
    {
        var id = (await client.SubmitAsync(submission)).Id;
        ApiAnswer job = null!;
        await Eventually.True(
            async () =>
            {
                job = await client.JobAsync(id);
                return job.Text("status") is "done" or "failed";
            },
            "the job has ended",
            TimeSpan.FromMinutes(1));
        return job;
    }
}
