using System.Diagnostics;
using System.Text;
using JobQueue.Bench.Raw;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;

namespace JobQueue.Bench.Load;

/// <summary>
/// Calls to four targets that take 2 ms for each, as jobs of a server of their own and by a bare loop. The servers are kept from
/// round to round: what a start compiles would be measured along with the calls.
/// </summary>
internal sealed class WebhookLoad : IAsyncDisposable
{
    public const int Targets = 4;

    /// <summary>Calls under way to each target.</summary>
    public const int AtOnce = 16;

    private const int Batch = 1_000;

    private static readonly TimeSpan Takes = TimeSpan.FromMilliseconds(2);

    private readonly BenchOptions _options;
    private readonly SlowTargets _targets;
    private readonly BenchServer _server;
    private readonly byte[] _body;

    private WebhookLoad(BenchOptions options, SlowTargets targets, BenchServer server) =>
        (_options, _targets, _server, _body) = (options, targets, server, BenchPayload.Create(options.PayloadBytes));

    /// <summary>Commits, each with one flush, since the server started.</summary>
    public long Commits => _server.Commits;

    public static async Task<WebhookLoad> StartAsync(BenchOptions options, BenchScratch scratch, CancellationToken cancellationToken)
    {
        var targets = await SlowTargets.StartAsync(Targets, Takes, cancellationToken);
        var allowed = targets.Addresses.Select((address, index) => $"--Handlers:Http:AllowedPrivateHosts:{index}={address.Authority}");
        var server = await BenchServer.StartAsync(
            options with { Workers = Targets * AtOnce, Settings = [.. options.Settings, .. allowed] }, scratch, scratch.PathOf("webhooks.db"), cancellationToken);
        return new WebhookLoad(options, targets, server);
    }

    /// <summary>Calls in a loop, one after the other in each of its lanes. Answers calls a second.</summary>
    public async Task<double> CallAsync(int calls, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var left = calls;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Targets * AtOnce).Select(async lane =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var content = new ByteArrayContent(_body);
                using var answer = await http.PostAsync(AddressOf(lane), content, cancellationToken);
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            }
        }));
        return calls / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Submits jobs that wait until they are drained.</summary>
    public async Task SubmitAsync(int jobs, CancellationToken cancellationToken)
    {
        foreach (var batch in Enumerable.Range(0, jobs).Select(Create).Chunk(Batch))
            await _server.Store.SubmitManyAsync(batch, cancellationToken);
    }

    /// <summary>Lets the pool finish what was submitted. Answers jobs a second.</summary>
    public Task<double> DrainAsync(int jobs, CancellationToken cancellationToken) =>
        new StoreLoad(_server, _options.PayloadBytes).DrainAsync(jobs, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _targets.DisposeAsync();
    }

    private Submission Create(int number) => new()
    {
        Tenant = _server.Tenant,
        Queue = BenchServer.Backlog,
        Type = JobTarget.HttpType,
        Payload = Encoding.UTF8.GetBytes($$"""{"url":"{{AddressOf(number)}}","body":{{Encoding.UTF8.GetString(_body)}} }"""),
        MaxRetries = 5,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };

    private Uri AddressOf(int number) => _targets.Addresses[number % Targets];
}
