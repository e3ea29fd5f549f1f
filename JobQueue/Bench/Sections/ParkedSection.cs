using System.Diagnostics;
using System.Globalization;
using JobQueue.Bench.Load;
using JobQueue.Bench.Raw;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Bench.Sections;

/// <summary>
/// What many tenants and workers that wait cost those who submit: ten tenants submit and one worker polls, first beside ten of
/// each, then beside a thousand tenants and five thousand workers. On a server of its own, without a pool.
/// </summary>
internal sealed class ParkedSection(BenchOptions options, BenchScratch scratch, TimeSpan duration) : IBenchSection
{
    private const string Group = "Submit beside workers that wait, 64 producers of ten tenants";
    private const string Few = "ten tenants, ten workers that wait";
    private const string Many = "1,000 tenants, 5,000 workers that wait";
    private const int FewOfEach = 10;
    private const int ManyTenants = 1_000;
    private const int ManyWorkers = 5_000;
    private const int Producers = 64;

    private readonly byte[] _payload = BenchPayload.Create(options.PayloadBytes);

    public string Name => "parked";

    public IReadOnlyList<BenchStep> Steps => [new("workers that wait", MeasureAsync)];

    private async Task MeasureAsync(BenchReport report, CancellationToken cancellationToken)
    {
        await using var server = await BenchServer.StartAsync(
            options with { Workers = 0 }, scratch, scratch.PathOf("parked.db"), cancellationToken);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var names = Enumerable.Range(0, ManyTenants).Select(number => string.Create(CultureInfo.InvariantCulture, $"tenant-{number}")).ToList();
        var tenants = (await server.EnsureTenantsAsync(names.Take(FewOfEach), cancellationToken)).ToList();
        var waiting = Park(server, tenants, FewOfEach, gone.Token);
        await SubmitAsync(server, tenants, duration / 4, cancellationToken);
        report.Rate(Group, Few, await SubmitAsync(server, tenants, duration, cancellationToken));

        tenants.AddRange(await server.EnsureTenantsAsync(names.Skip(FewOfEach), cancellationToken));
        waiting.AddRange(Park(server, tenants, ManyWorkers - FewOfEach, gone.Token));
        report.Rate(Group, Many, await SubmitAsync(server, tenants, duration, cancellationToken), Few);
        await gone.CancelAsync();
        await Task.WhenAll(waiting);
    }

    /// <summary>Workers of every tenant in turn; nothing that is submitted here is for them.</summary>
    private static List<Task> Park(BenchServer server, List<TenantId> tenants, int workers, CancellationToken gone) =>
        [.. Enumerable.Range(0, workers).Select(number => (Task)server.Store.LeaseAsync(
            Wish(tenants[number % tenants.Count], number) with
            {
                Queues = number % 2 == 0 ? new HashSet<string> { "elsewhere" } : null,
                Types = number % 2 == 0 ? null : new HashSet<string> { "other" },
                Wait = Timeout.InfiniteTimeSpan,
            },
            gone))];

    /// <returns>Jobs a second.</returns>
    private async Task<double> SubmitAsync(
        BenchServer server, List<TenantId> tenants, TimeSpan length, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var polling = PollAsync(server, tenants[^1], over.Token);
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Producers).Select(number => Task.Run(
            async () =>
            {
                var count = 0;
                for (; Stopwatch.GetElapsedTime(started) < length; count++)
                    await server.Store.SubmitAsync(Create(tenants[number % FewOfEach]), cancellationToken);
                return count;
            },
            cancellationToken)));
        var perSecond = counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await over.CancelAsync();
        await polling;
        return perSecond;
    }

    /// <summary>A worker that asks, gets nothing, and asks again.</summary>
    private static async Task PollAsync(BenchServer server, TenantId tenant, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await server.Store.LeaseAsync(Wish(tenant, -1) with { Types = new HashSet<string> { "other" } }, CancellationToken.None);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
    }

    private static LeaseRequest Wish(TenantId tenant, int number) => new()
    {
        Worker = new WorkerIdentity(string.Create(CultureInfo.InvariantCulture, $"worker-{number}")),
        Tenant = tenant,
        Slots = 1,
        Duration = TimeSpan.FromSeconds(30),
    };

    private Submission Create(TenantId tenant) => new()
    {
        Tenant = tenant,
        Queue = "here",
        Type = BenchHandler.TypeName,
        Payload = _payload,
        MaxRetries = 0,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };
}
