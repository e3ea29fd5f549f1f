using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using JobQueue.Access;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Handlers.Http;

/// <summary>Webhooks from their submission to the receiver. The clock stands still unless it is moved.</summary>
public sealed class WebhooksTests : IAsyncLifetime
{
    private const string Secrets = "/tenants/acme/signing-secrets";

    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private HttpReceiver _receiver = null!;
    private QueueApp _app = null!;
    private HttpClient _acme = null!;
    private HttpClient _admin = null!;

    /// <summary>Statuses that the receiver answers before it answers 200, each with the pause it asks for.</summary>
    private readonly Queue<(int Status, string? RetryAfter)> _answers = new();

    public async ValueTask InitializeAsync()
    {
        _receiver = await HttpReceiver.StartAsync(context =>
        {
            if (_answers.TryDequeue(out var answer))
                (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (answer.Status, answer.RetryAfter);
            return Task.CompletedTask;
        });
        _app = await RemoteCalls.StartServerAsync(
            _time, ("Workers:Count", "2"), ("Retries:BaseDelaySeconds", "0.1"), ("Handlers:Http:AllowedPrivateHosts:0", _receiver.HostAndPort));
        _acme = await _app.ClientAsync("acme", RemoteCalls.AllScopes);
        _admin = await _app.ClientAsync("staff", Scopes.Admin);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _acme.Dispose();
        await _app.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Busy_target_is_called_again_when_it_asked_for()
    {
        _answers.Enqueue((StatusCodes.Status503ServiceUnavailable, "2"));
        var id = await SubmitAsync();

        await UntilAsync(id, "pending", "retry");
        var job = await _acme.JobAsync(id);
        var wait = DateTimeOffset.Parse(job.Text("run_at")!, CultureInfo.InvariantCulture) - _time.GetUtcNow();
        Assert.InRange(wait, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.3));
        Assert.Equal("http_503", (string?)job.Json["error"]!["type"]);
        _time.Advance(wait);
        await UntilAsync(id, "done");

        Assert.Equal(2, _receiver.Calls.Count);
        Assert.Equal(["failed", "done"], await _acme.OutcomesAsync(id));
    }

    [Fact]
    public async Task Answer_that_nothing_mends_is_dead_at_once()
    {
        _answers.Enqueue((StatusCodes.Status410Gone, null));

        var id = await SubmitAsync();

        await UntilAsync(id, "failed");
        var job = await _acme.JobAsync(id);
        Assert.Equal(("permanent_error", "http_410"), (job.Text("reason"), (string?)job.Json["error"]!["type"]));
    }

    [Fact]
    public async Task Each_attempt_is_signed_anew_under_the_same_id()
    {
        var secret = (await _admin.PostApiAsync(Secrets)).Is(HttpStatusCode.Created).Text("secret")!;
        _answers.Enqueue((StatusCodes.Status503ServiceUnavailable, "600"));
        var id = await SubmitAsync();
        await UntilAsync(id, "pending", "retry");
        _time.Advance(TimeSpan.FromSeconds(660));
        await UntilAsync(id, "done");

        var (first, second) = (_receiver.Calls[0], _receiver.Calls[1]);

        Assert.Equal([id, id], _receiver.Calls.Select(call => call["webhook-id"]));
        Assert.Equal(660, Timestamp(second) - Timestamp(first));
        Assert.All(_receiver.Calls, call => Assert.Equal(SignatureOf(call, secret), call["webhook-signature"]));
        Assert.NotEqual(first["webhook-signature"], second["webhook-signature"]);
    }

    [Fact]
    public async Task Change_of_secrets_is_in_force_with_the_next_attempt_of_the_tenants_jobs()
    {
        await RunAsync();
        var older = await _admin.PostApiAsync(Secrets);
        await RunAsync();
        var newer = await _admin.PostApiAsync(Secrets);
        await RunAsync();
        await _admin.DeleteApiAsync($"{Secrets}/{older.Id}");
        await RunAsync();
        using var other = await _app.ClientAsync("globex", RemoteCalls.AllScopes);
        await RunAsync(other);

        Assert.Equal(
            [null, [older.Text("secret")!], [older.Text("secret")!, newer.Text("secret")!], [newer.Text("secret")!], null],
            _receiver.Calls.Select(call => call["webhook-signature"] is null ? null : SignersOf(call, older.Text("secret")!, newer.Text("secret")!)));
    }

    private static string[] SignersOf(ReceivedCall call, params string[] secrets) =>
        [.. call["webhook-signature"]!.Split(' ').Select(signature => secrets.Single(secret => SignatureOf(call, secret) == signature))];

    /// <summary>As the specification says it, computed by itself.</summary>
    private static string SignatureOf(ReceivedCall call, string secret)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{call["webhook-id"]}.{call["webhook-timestamp"]}."), .. call.Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }

    private static long Timestamp(ReceivedCall call) => long.Parse(call["webhook-timestamp"]!, CultureInfo.InvariantCulture);

    private async Task RunAsync(HttpClient? tenant = null)
    {
        var id = await SubmitAsync(tenant);
        await UntilAsync(id, "done", tenant: tenant);
    }

    private async Task<string> SubmitAsync(HttpClient? tenant = null) => (await (tenant ?? _acme).SubmitAsync(
        $$"""{"type":"http.request","payload":{"url":"{{_receiver.Address}}","body":{"n":1.50} } }""")).Id;

    private Task UntilAsync(string id, string status, string? waitingFor = null, HttpClient? tenant = null) => Eventually.True(
        async () =>
        {
            var job = await (tenant ?? _acme).JobAsync(id);
            return job.Text("status") == status && (waitingFor is null || job.Text("waiting_for") == waitingFor);
        },
        $"the job is {status}");
}
