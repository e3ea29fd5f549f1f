using System.Net;
using System.Net.Sockets;
using System.Text;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Leases;

/// <summary>Workers that wait. The clock stands still: what happens here happens by a signal, never because time passed.</summary>
public sealed class LongPollTests
{
    private const string Waiting = ""","wait_seconds":30""";

    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_worker_gets_a_new_job_by_a_signal()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var waiting = acme.LeaseAsync("w1", Waiting);
        await UntilWaitingAsync(app, 1);

        var id = (await acme.SubmitAsync()).Id;

        Assert.Equal(id, (await waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).JobId);
    }

    [Fact]
    public async Task Wait_ends_empty_when_its_time_is_over()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var waiting = acme.LeasesAsync("w1", Waiting);
        await UntilWaitingAsync(app, 1);

        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(30));
                return waiting.IsCompleted;
            },
            "the wait ends");

        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task Two_hundred_waiting_workers_cost_no_work_and_each_gets_its_job()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        Assert.Empty(await acme.LeasesAsync());
        var commits = 0;
        app.Services.GetRequiredService<StoreObserver>().OnCommitted((_, _) => Interlocked.Increment(ref commits));
        var waiting = Enumerable.Range(0, 200).Select(number => acme.LeaseAsync($"w{number}", $"""{Waiting},"types":["mail"]""")).ToList();
        await UntilWaitingAsync(app, 200);
        // The writer takes up wishes before commands: when this is answered, it has looked at those that wait.
        await app.Services.GetRequiredService<IJobStore>().ReapAsync(Cancellation);

        // Perhaps one that the server itself had on its way since its start: not one for each worker.
        Assert.InRange(Volatile.Read(ref commits), 0, 10);
        Assert.All(waiting, each => Assert.False(each.IsCompleted));

        var ids = await acme.SubmitManyAsync(200, "mail");
        var leases = await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(ids.Order(), leases.Select(lease => lease.JobId).Order());
    }

    [Fact]
    public async Task Worker_that_went_away_while_it_waited_gets_no_job()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using (var socket = await PostLeasesAsync(app, await app.TokenAsync("acme", Scopes.JobsWork)))
            await UntilWaitingAsync(app, 1);

        await UntilWaitingAsync(app, 0);
        var id = (await acme.SubmitAsync()).Id;

        Assert.Equal("pending", (await acme.JobAsync(id)).Text("status"));
        Assert.Empty(await acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Leases_of_a_worker_that_was_gone_before_it_was_answered_are_released_uncounted()
    {
        var door = new Door();
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Time = _time,
            Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" },
            Services = services => services.Replace(ServiceDescriptor.Singleton<IJobLeases>(provider => new GoneBeforeTheAnswer(provider.GetRequiredService<IJobStore>(), door))),
        });
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using var socket = await PostLeasesAsync(app, await app.TokenAsync("acme", Scopes.JobsWork));
        await UntilWaitingAsync(app, 1);

        var id = (await acme.SubmitAsync()).Id;
        await door.Leased.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        socket.Dispose();

        await Eventually.True(async () => (await acme.JobAsync(id)).Text("status") == "pending", "the job is handed back");
        var job = await acme.JobAsync(id);
        Assert.Equal((0, 0), (job.Number("retries"), job.Number("crashes")));
        Assert.Equal(["released"], await acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Worker_that_closes_as_soon_as_it_has_read_its_answer_keeps_its_leases()
    {
        var answer = new HeldAnswer("/leases");
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Time = _time,
            Settings = new Dictionary<string, string> { ["Workers:Count"] = "0" },
            Services = services => services.AddSingleton<IStartupFilter>(answer),
        });
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var id = (await acme.SubmitAsync()).Id;
        using (var socket = await PostLeasesAsync(app, await app.TokenAsync("acme", Scopes.JobsWork)))
        {
            var (buffer, read) = (new byte[64 * 1024], 0);
            while (!Encoding.UTF8.GetString(buffer, 0, read).EndsWith("]}", StringComparison.Ordinal))
                read += await socket.ReceiveAsync(buffer.AsMemory(read), Cancellation);
        }

        await answer.Served.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal("running", (await acme.JobAsync(id)).Text("status"));
    }

    [Fact]
    public async Task Revoked_token_ends_the_wait_at_once()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var admin = await app.ClientAsync("acme", Scopes.Admin);
        var made = (await admin.PostApiAsync("/tokens", """{"name":"worker","scopes":["jobs:work"]}""")).Is(HttpStatusCode.Created);
        using var worker = app.Client();
        worker.DefaultRequestHeaders.Authorization = new("Bearer", made.Text("token"));
        var waiting = worker.PostApiAsync("/leases", """{"worker":"w","wait_seconds":30}""");
        await UntilWaitingAsync(app, 1);

        (await admin.DeleteApiAsync($"/tokens/{made.Id}")).Is(HttpStatusCode.NoContent);

        (await waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Is(HttpStatusCode.Unauthorized, "token-invalid");
    }

    [Fact]
    public async Task Expired_token_ends_the_wait_at_once()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        var token = await app.Services.GetRequiredService<ITokens>().CreateAsync(
            new NewTokenRequest("acme", "short", [Scopes.JobsWork], 1, "test", false, null, null), Cancellation);
        _time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(10));
        using var worker = app.Client();
        worker.DefaultRequestHeaders.Authorization = new("Bearer", token.Secret);
        var waiting = worker.PostApiAsync("/leases", """{"worker":"w","wait_seconds":30}""");
        await UntilWaitingAsync(app, 1);

        _time.Advance(TimeSpan.FromSeconds(10));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Is(HttpStatusCode.Unauthorized, "token-invalid");
    }

    [Fact]
    public async Task Server_that_stops_ends_the_wait_at_once()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        var waiting = acme.PostApiAsync("/leases", """{"worker":"w","wait_seconds":30}""");
        await UntilWaitingAsync(app, 1);

        var stopped = app.StopAsync();

        var answer = (await waiting.WaitAsync(TimeSpan.FromSeconds(20), Cancellation)).Is(HttpStatusCode.ServiceUnavailable, "stopping");
        Assert.NotNull(answer.Header("Retry-After"));
        await stopped;
    }

    private static Task UntilWaitingAsync(QueueApp app, int count) => Eventually.True(
        () => app.Services.GetRequiredService<WorkerDirectory>().All().Count(worker => worker.Waiting) == count, $"{count} workers wait");

    /// <summary>A long poll on a connection that the test can cut.</summary>
    private static async Task<Socket> PostLeasesAsync(QueueApp app, string token)
    {
        const string Body = """{"worker":"fleeting","wait_seconds":30}""";
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(app.Address.Host, app.Address.Port, Cancellation);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"POST /leases HTTP/1.1\r\nHost: {app.Address.Authority}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"),
            Cancellation);
        return socket;
    }

    private sealed class Door
    {
        public TaskCompletionSource Leased { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The real leases, but what was leased is answered only when the caller has gone.</summary>
    private sealed class GoneBeforeTheAnswer(IJobLeases inner, Door door) : IJobLeases
    {
        public async Task<IReadOnlyList<LeasedJob>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
        {
            var leased = await inner.LeaseAsync(request, cancellationToken);
            door.Leased.TrySetResult();
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = cancellationToken.Register(gone.SetResult);
            await gone.Task;
            return leased;
        }

        public Task<IReadOnlyList<LeaseToken>> ExtendAsync(IReadOnlyList<LeaseToken> leases, TimeSpan duration, CancellationToken cancellationToken) =>
            inner.ExtendAsync(leases, duration, cancellationToken);

        public Task<HeartbeatResult?> HeartbeatAsync(
            LeaseToken lease, TenantId? scope, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken) =>
            inner.HeartbeatAsync(lease, scope, progress, logLines, cancellationToken);

        public Task<SettleResult> SettleAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken) =>
            inner.SettleAsync(lease, scope, outcome, cancellationToken);
    }
}
