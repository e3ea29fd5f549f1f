using System.Collections.Concurrent;
using JobQueue.Access;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Examples;

/// <summary>The workers of <c>docs/examples</c> run against the real server. Its clock stands still, so no lease runs out by itself.</summary>
public sealed class ExampleWorkersTests
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private readonly ConcurrentDictionary<JobId, int> _done = new();

    [Fact]
    public async Task Python_worker_that_is_killed_and_started_again_loses_no_job_and_completes_none_twice()
    {
        const int Jobs = 1_000;
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using var counting = CountDone(app);
        var ids = await acme.SubmitManyAsync(Jobs, "greet");

        await using (var killed = await StartAsync(app, "python3", "worker.py"))
        {
            await UntilDoneAsync(Jobs / 3);
            await killed.KillAsync();
        }

        await using var worker = await StartAsync(app, "python3", "worker.py");
        await Eventually.True(() => _done.Count >= Jobs - 1, "all jobs but the one the killed worker held are done", TimeSpan.FromMinutes(2));
        // Perhaps the killed one held none, and this one has the last: then its lease must not run out.
        await UntilWaitingAsync(app);
        await app.LiveAsync(_time, TimeSpan.FromSeconds(31));
        await UntilDoneAsync(Jobs);

        Assert.Equal(ids.Order(), _done.Keys.Select(id => id.ToString()).Order());
        Assert.All(_done.Values, times => Assert.Equal(1, times));
        var job = await acme.JobAsync(ids[0]);
        Assert.Equal("""{"greeting":"Hello, world!"}""", job.Json["result"]!.ToJsonString());
        Assert.Equal((0, ""), await worker.TerminateAsync());
    }

    [Theory]
    [InlineData("python3", "worker.py")]
    [InlineData("node", "worker.mjs")]
    [InlineData("bash", "worker.sh")]
    [InlineData("dotnet", "worker.cs")]
    public async Task Example_takes_jobs_through_lease_heartbeat_and_settle_and_ends_when_it_is_told(string program, string script)
    {
        const int Jobs = 20;
        ScriptProcess.Find("curl", "curl is missing: apt-get install curl");
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using var counting = CountDone(app);
        var beats = new ConcurrentDictionary<JobId, bool>();
        using var listening = app.Services.GetRequiredService<JobFeed>().Subscribe("test", batch =>
        {
            foreach (var each in batch.Where(each => each.Kind == JobEventKind.Progress))
                beats[each.JobId] = true;
        });

        await using var worker = await StartAsync(app, program, script);
        await UntilWaitingAsync(app);
        await acme.SubmitManyAsync(Jobs, "greet");
        await UntilDoneAsync(Jobs);
        await UntilWaitingAsync(app);
        var (exitCode, error) = await worker.TerminateAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(Jobs, beats.Count);
        Assert.All(_done.Values, times => Assert.Equal(1, times));
    }

    [Theory]
    [InlineData("python3", "worker.py", "token-invalid")]
    [InlineData("node", "worker.mjs", "token-invalid")]
    [InlineData("bash", "worker.sh", "token-invalid")]
    [InlineData("dotnet", "worker.cs", "token-invalid")]
    [InlineData("python3", "worker.py", "scope-missing")]
    [InlineData("node", "worker.mjs", "scope-missing")]
    [InlineData("bash", "worker.sh", "scope-missing")]
    [InlineData("dotnet", "worker.cs", "scope-missing")]
    public async Task Example_ends_with_a_word_when_its_token_is_refused(string program, string script, string code)
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        var token = code == "scope-missing" ? await app.TokenAsync("acme", Scopes.JobsRead) : "jq_unknown";

        await using var worker = await ExampleProgram.StartAsync(
            program, Script(script), ("JOBQUEUE_URL", app.Address.ToString()), ("JOBQUEUE_TOKEN", token));

        var (exitCode, error) = await worker.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains(code, error, StringComparison.Ordinal);
    }

    private static string Script(string name) => Repository.File("docs", "examples", name);

    private static async Task<ScriptProcess> StartAsync(QueueApp app, string program, string script) => await ExampleProgram.StartAsync(
        program,
        Script(script),
        ("JOBQUEUE_URL", app.Address.ToString().TrimEnd('/')),
        ("JOBQUEUE_TOKEN", await app.TokenAsync("acme", Scopes.JobsWork)));

    private static Task UntilWaitingAsync(QueueApp app) => Eventually.True(
        () => app.Services.GetRequiredService<WorkerDirectory>().All().Any(worker => worker.Waiting), "the worker asks for jobs", TimeSpan.FromMinutes(1));

    private Task UntilDoneAsync(int jobs) => Eventually.True(() => _done.Count >= jobs, $"{jobs} jobs are done", TimeSpan.FromMinutes(2));

    private IDisposable CountDone(QueueApp app) => app.Services.GetRequiredService<JobFeed>().Subscribe("test", batch =>
    {
        foreach (var each in batch.Where(each => each.Kind == JobEventKind.Done))
            _done.AddOrUpdate(each.JobId, 1, static (_, times) => times + 1);
    });
}
