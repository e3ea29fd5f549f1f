using System.Net;
using System.Threading.Channels;
using JobQueue.Access;
using JobQueue.Handlers;
using JobQueue.Tests.Support;
using JobQueue.Workers;
using JobQueue.Workers.Held;
using JobQueue.Workers.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Workers.Remote;

/// <summary>The pool of the <c>worker</c> command against a real server. Both clocks stand still unless they are moved.</summary>
public sealed class RemoteWorkerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private readonly FakeTimeProvider _workersTime = RemoteCalls.StandingClock();
    private QueueApp _app = null!;
    private HttpClient _acme = null!;
    private IHost? _worker;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SteeredHandler Handler => _worker!.Services.GetRequiredService<SteeredHandler>();

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(_time);
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
        {
            var stopped = _worker.StopAsync(CancellationToken.None);
            await Eventually.True(
                () =>
                {
                    _workersTime.Advance(TimeSpan.FromSeconds(10));
                    return stopped.IsCompleted;
                },
                "the worker stops");
            _worker.Dispose();
        }

        _acme.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Built_in_types_run_with_their_results()
    {
        await StartAsync();
        var echo = (await _acme.SubmitAsync("""{"payload":{"n":1.50,"n":"twice"}}""")).Id;
        var fail = (await _acme.SubmitAsync("""{"type":"fail","payload":{"message":"on purpose","permanent":true}}""")).Id;

        await UntilAsync(echo, "done");
        Assert.Contains("\"result\":{\"n\":1.50,\"n\":\"twice\"}", (await _acme.JobAsync(echo)).Text, StringComparison.Ordinal);
        await UntilAsync(fail, "failed");
        var failed = await _acme.JobAsync(fail);
        Assert.Equal(("permanent_error", "on purpose"), (failed.Text("reason"), failed.Json["error"]!["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Handler_knows_which_attempt_it_is()
    {
        await StartAsync();
        var id = await SubmitSteeredAsync();
        (await Handler.NextAsync()).Throw(new InvalidOperationException("once more"));
        await UntilAsync(id, "pending", "retry");
        _time.Advance(TimeSpan.FromMinutes(1));

        var second = await Handler.NextAsync();

        Assert.Equal((2, "acme"), (second.Context.Attempt, second.Context.Job.Tenant));
        second.Return("{}");
        await UntilAsync(id, "done");
        Assert.Equal(["failed", "done"], await _acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Progress_and_log_reach_the_server()
    {
        await StartAsync();
        var id = await SubmitSteeredAsync();
        var run = await Handler.NextAsync();

        await run.Context.ReportProgressAsync(40, "so far");
        await run.Context.LogAsync("one\ntwo");
        await UntilTimePassesAsync(async () => (await _acme.JobAsync(id)).Json["progress"] is not null, AttemptWatch.Period);

        Assert.Equal("""{"percent":40,"message":"so far"}""", (await _acme.JobAsync(id)).Json["progress"]!.ToJsonString());
        Assert.Equal(["one", "two"], (await _acme.GetApiAsync($"/jobs/{id}/logs")).Items.Select(line => line["message"]!.GetValue<string>()));
        run.Return();
        await UntilAsync(id, "done");
    }

    [Fact]
    public async Task Heartbeats_keep_the_lease_and_tell_the_handler_to_stop_when_a_cancel_is_asked_for()
    {
        await StartAsync();
        var id = await SubmitSteeredAsync();
        var run = await Handler.NextAsync();
        var expires = (await _acme.JobAsync(id)).Text("lease_expires_at");
        _time.Advance(TimeSpan.FromSeconds(5));
        await UntilTimePassesAsync(async () => (await _acme.JobAsync(id)).Text("lease_expires_at") != expires, TimeSpan.FromSeconds(10));
        (await _acme.PostApiAsync($"/jobs/{id}/cancel")).Is(HttpStatusCode.Accepted);

        await UntilTimePassesAsync(() => Task.FromResult(run.IsToldToStop), TimeSpan.FromSeconds(10));
        run.ObeyStop();

        await UntilAsync(id, "failed");
        Assert.Equal("cancelled", (await _acme.JobAsync(id)).Text("reason"));
    }

    [Fact]
    public async Task Handler_whose_lease_is_lost_is_told_to_stop_and_its_result_is_dropped()
    {
        await StartAsync();
        var id = await SubmitSteeredAsync();
        var run = await Handler.NextAsync();
        await _app.LiveAsync(_time, TimeSpan.FromSeconds(31));
        var again = await Handler.NextAsync();

        await UntilTimePassesAsync(() => Task.FromResult(run.IsToldToStop), TimeSpan.FromSeconds(10));
        run.Return("\"late\"");
        again.Return("\"in time\"");

        await UntilAsync(id, "done");
        Assert.Equal("in time", (await _acme.JobAsync(id)).Text("result"));
        Assert.Equal(["crashed", "done"], await _acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Worker_that_stops_lets_jobs_end_in_the_grace_and_hands_the_rest_back_uncounted()
    {
        await StartAsync();
        var quick = await SubmitSteeredAsync();
        var quickRun = await Handler.NextAsync();
        var slow = await SubmitSteeredAsync();
        var slowRun = await Handler.NextAsync();

        var stopped = _worker!.StopAsync(Cancellation);
        quickRun.Return("1");
        await UntilAsync(quick, "done");
        await UntilTimePassesAsync(() => Task.FromResult(slowRun.IsToldToStop), TimeSpan.FromSeconds(5));
        slowRun.ObeyStop();
        await UntilAsync(slow, "pending");
        await stopped.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

        var job = await _acme.JobAsync(slow);
        Assert.Equal((0, 0), (job.Number("retries"), job.Number("crashes")));
        Assert.Equal(["released"], await _acme.OutcomesAsync(slow));
    }

    [Fact]
    public async Task Outcome_waits_for_a_server_that_restarts()
    {
        var folder = new TemporaryFolder();
        var port = FreePort.Any();
        var app = await StartAtAsync(folder, port);
        var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await StartAsync(new Uri($"http://127.0.0.1:{port}/"), await app.TokenAsync("acme", Scopes.JobsWork));
        var id = (await acme.SubmitAsync("""{"type":"steered","payload":1}""")).Id;
        var run = await Handler.NextAsync();
        acme.Dispose();
        await app.DisposeAsync();

        run.Return("\"kept\"");
        app = await StartAtAsync(folder, port);
        acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await UntilTimePassesAsync(async () => (await acme.JobAsync(id)).Text("status") == "done", TimeSpan.FromSeconds(1));

        Assert.Equal("kept", (await acme.JobAsync(id)).Text("result"));
        await _worker!.StopAsync(Cancellation);
        acme.Dispose();
        await app.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Server_that_refuses_the_token_stops_the_worker_with_a_reason()
    {
        await StartAsync(_app.Address, "jq_unknown");

        var lifetime = _worker!.Services.GetRequiredService<IHostApplicationLifetime>();
        await Eventually.True(() => lifetime.ApplicationStopping.IsCancellationRequested, "the worker stops");

        Assert.Contains("The token is unknown", _worker.Services.GetRequiredService<ServerLeases>().Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_that_the_server_refuses_take_no_result_with_them()
    {
        await using var small = await RemoteCalls.StartServerAsync(_time, ("Jobs:MaxBodyMegabytes", "1"));
        using var acme = await small.ClientAsync("acme", RemoteCalls.AllScopes);
        await StartAsync(small.Address, await small.TokenAsync("acme", Scopes.JobsWork));
        var id = (await acme.SubmitAsync("""{"type":"steered","payload":1}""")).Id;
        var run = await Handler.NextAsync();

        await run.Context.LogAsync(string.Join('\n', Enumerable.Repeat(new string('l', 8_000), 200)));
        run.Return("1");

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "done", "the job is done");
    }

    [Fact]
    public async Task Result_that_the_server_cannot_keep_fails_the_job_with_the_servers_sentence()
    {
        await using var small = await RemoteCalls.StartServerAsync(_time, ("Jobs:MaxPayloadKilobytes", "1"));
        using var acme = await small.ClientAsync("acme", RemoteCalls.AllScopes);
        await StartAsync(small.Address, await small.TokenAsync("acme", Scopes.JobsWork));
        var id = (await acme.SubmitAsync("""{"type":"steered","payload":1}""")).Id;

        (await Handler.NextAsync()).Return($"\"{new string('x', 5_000)}\"");

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "failed", "the job fails");
        var job = await acme.JobAsync(id);
        Assert.Equal(("permanent_error", "invalid_result"), (job.Text("reason"), job.Json["error"]!["type"]!.GetValue<string>()));
        Assert.Contains("The result may have at most 1 KB", job.Json["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wish_that_is_refused_for_anything_but_its_token_is_made_again()
    {
        var wishes = Channel.CreateUnbounded<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var lost = builder.Build();
        lost.MapPost("/leases", () =>
        {
            wishes.Writer.TryWrite("wish");
            return Results.NotFound();
        });
        await lost.StartAsync(Cancellation);

        await StartAsync(new Uri(lost.Urls.Single() + "/"), "jq_some");

        await wishes.Reader.ReadAsync(Cancellation);
        await UntilTimePassesAsync(() => Task.FromResult(wishes.Reader.TryRead(out _)), TimeSpan.FromSeconds(1));
        Assert.Null(_worker!.Services.GetRequiredService<ServerLeases>().Refusal);
    }

    private async Task StartAsync(Uri? address = null, string? token = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(_workersTime);
        builder.Services.AddJobHandler<SteeredHandler>();
        builder.AddHandlers();
        builder.AddRemoteWorkers(new ServerOptions(address ?? _app.Address, token ?? await _app.TokenAsync("acme", Scopes.JobsWork)), types: null);
        builder.Services.Configure<WorkersOptions>(options => options.Count = 2);
        _worker = builder.Build();
        await _worker.StartAsync(Cancellation);
    }

    private async Task<string> SubmitSteeredAsync() => (await _acme.SubmitAsync("""{"type":"steered","payload":{}}""")).Id;

    private Task UntilAsync(string id, string status, string? waitingFor = null) => Eventually.True(
        async () =>
        {
            var job = await _acme.JobAsync(id);
            return job.Text("status") == status && (waitingFor is null || job.Text("waiting_for") == waitingFor);
        },
        $"the job is {status}");

    /// <summary>Moves the worker's clock on until it is so.</summary>
    private Task UntilTimePassesAsync(Func<Task<bool>> condition, TimeSpan step) => Eventually.True(
        async () =>
        {
            _workersTime.Advance(step);
            return await condition();
        },
        "it comes with the time");

    private Task<QueueApp> StartAtAsync(TemporaryFolder folder, int port) => QueueApp.StartAsync(new QueueAppOptions
    {
        Folder = folder.Path,
        Time = _time,
        Settings = new Dictionary<string, string> { ["urls"] = $"http://127.0.0.1:{port}", ["Workers:Count"] = "0" },
    });
}
