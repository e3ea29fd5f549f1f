using JobQueue.Access;
using JobQueue.Tests.Examples;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Commands;

/// <summary>The <c>worker</c> command as a process of its own.</summary>
public sealed class WorkerCommandTests(ExampleHandlers example)
{
    [Fact]
    public async Task Worker_runs_jobs_and_hands_back_what_does_not_end_in_the_grace_when_it_is_told_to_stop()
    {
        await using var app = await RemoteCalls.StartServerAsync(null);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var ids = await acme.SubmitManyAsync(100);
        await using var worker = ScriptProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), "worker", "--server", app.Address.ToString(), "--types", "echo,sleep", "--count", "4", "--Workers:ShutdownGraceSeconds=1"],
            ("JOBQUEUE_TOKEN", await app.TokenAsync("acme", Scopes.JobsWork)));
        await Eventually.True(async () => (await acme.GetApiAsync("/stats")).Number("done") == ids.Count, "all jobs are done", TimeSpan.FromMinutes(1));
        var slow = (await acme.SubmitAsync("""{"type":"sleep","payload":{"seconds":600}}""")).Id;
        var other = (await acme.SubmitAsync("""{"type":"fail","payload":{}}""")).Id;
        await Eventually.True(async () => (await acme.JobAsync(slow)).Text("status") == "running", "the slow job runs");

        var (exitCode, error) = await worker.TerminateAsync();

        Assert.True(exitCode == 0, error);
        var job = await acme.JobAsync(slow);
        Assert.Equal(("pending", 0, 0), (job.Text("status"), job.Number("retries"), job.Number("crashes")));
        Assert.Equal(["released"], await acme.OutcomesAsync(slow));
        Assert.Empty(await acme.OutcomesAsync(other));
    }

    [Fact]
    public async Task Server_without_workers_of_its_own_does_not_stop_a_worker_that_shares_its_settings()
    {
        await using var app = await RemoteCalls.StartServerAsync(null);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await using var worker = ScriptProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), "worker", "--server", app.Address.ToString(), "--types", "echo,sleep"],
            ("JOBQUEUE_TOKEN", await app.TokenAsync("acme", Scopes.JobsWork)),
            ("Workers__Count", "0"));

        var id = (await acme.SubmitAsync()).Id;

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "done", "the job is done", TimeSpan.FromMinutes(1));
        var (exitCode, error) = await worker.TerminateAsync();
        Assert.True(exitCode == 0, error);
        Assert.Contains("16 slots run jobs of the types echo, sleep", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_runs_types_of_its_own_assemblies_and_says_which_it_leaves_to_others()
    {
        await using var app = await RemoteCalls.StartServerAsync(null);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await using var worker = ScriptProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), "worker", "--server", app.Address.ToString(), $"--Handlers:Assemblies:0={await example.AssemblyAsync()}"],
            ("JOBQUEUE_TOKEN", await app.TokenAsync("acme", Scopes.JobsWork)));

        var id = (await acme.SubmitAsync("""{"type":"markdown.render","payload":{"markdown":"*hello*"}}""")).Id;

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "done", "the job is done", TimeSpan.FromMinutes(1));
        var (exitCode, error) = await worker.TerminateAsync();
        Assert.True(exitCode == 0, error);
        Assert.Matches("slots run jobs of the types .*echo, .*markdown.render", error);
        Assert.Contains(
            "Left to others: command.run, as no command is listed in Handlers:Command:Commands; crash, as it is for a demo's own process alone; "
            + "http.request, as nothing is set in Handlers:Http, such as SigningSecrets",
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_runs_the_commands_that_its_own_settings_list()
    {
        await using var app = await RemoteCalls.StartServerAsync(null);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await using var worker = ScriptProcess.Start(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), "worker", "--server", app.Address.ToString(), "--Handlers:Command:Commands:greet:Path=/bin/echo", "--Handlers:Command:Commands:greet:Args:0={name}"],
            ("JOBQUEUE_TOKEN", await app.TokenAsync("acme", Scopes.JobsWork)));

        var id = (await acme.SubmitAsync("""{"type":"command.run","payload":{"command":"greet","args":{"name":"Zoë"}}}""")).Id;

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "done", "the job is done", TimeSpan.FromMinutes(1));
        Assert.Equal("""{"exit_code":0,"output":"Zoë\n"}""", (await acme.JobAsync(id)).Json["result"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(["Zoë"], (await acme.GetApiAsync($"/jobs/{id}/logs")).Items.Select(line => (string?)line["message"]));
    }

    [Theory]
    [InlineData("jq_some", "worker", "--server", "http://localhost:5080", "--types", "command.run")]
    [InlineData("jq_some", "worker", "--server", "http://localhost:5080", "--types", "echo,crash")]
    [InlineData("jq_some", "worker", "--server", "localhost:5080")]
    [InlineData("jq_some", "worker", "--server", "http://localhost:5080", "--count", "0")]
    [InlineData("jq_some", "worker", "--server", "http://localhost:5080", "--types", "ecko")]
    [InlineData("jq_some", "worker")]
    [InlineData("", "worker", "--server", "http://localhost:5080")]
    public async Task Wrong_usage_is_told_in_words(string token, params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, arguments, null, $"JOBQUEUE_TOKEN={token}");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
