using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Bench.Load;

/// <summary>A worker outside the pool that leases a hundred jobs and then finishes them, over and over.</summary>
internal sealed class LeaseLoad(BenchServer server, int payloadBytes)
{
    /// <summary>The pool has no handler for it.</summary>
    public const string Type = "bench.leased";

    private const int Batch = 100;

    private const string Queue = "leased";

    private static readonly WorkerIdentity Worker = new("bench");

    private static readonly LeaseRequest Request = new()
    {
        Worker = Worker,
        Types = ImmutableHashSet.Create(Type),
        Slots = Batch,
        Duration = TimeSpan.FromMinutes(1),
    };

    private readonly byte[] _payload = BenchPayload.Create(payloadBytes);

    /// <summary>Submits jobs spread evenly over the tenants, leases all and finishes them.</summary>
    public async Task<LeaseFigures> RunAsync(int jobs, IReadOnlyList<TenantId> tenants, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await SubmitAsync(jobs, tenants, cancellationToken);
        var submitting = Stopwatch.GetElapsedTime(started);
        var waits = new List<long>();
        var count = 0;
        while (true)
        {
            var asked = Stopwatch.GetTimestamp();
            var leased = await server.Store.LeaseAsync(Request, cancellationToken);
            if (leased.Count == 0)
                break;
            waits.Add(Stopwatch.GetTimestamp() - asked);
            await Task.WhenAll(leased.Select(job =>
                server.Store.SettleAsync(job.Token, null, new JobOutcome.Done((ReadOnlyMemory<byte>?)null), cancellationToken)));
            count += leased.Count;
        }

        var all = Stopwatch.GetElapsedTime(started);
        return new LeaseFigures(count / all.TotalSeconds, count / (all - submitting).TotalSeconds, Latencies.Of([.. waits]));
    }

    /// <summary>Leases all there are.</summary>
    public async IAsyncEnumerable<LeasedJob> LeaseAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await server.Store.LeaseAsync(Request, cancellationToken) is { Count: > 0 } leased)
        {
            foreach (var job in leased)
                yield return job;
        }
    }

    /// <summary>Submits jobs spread evenly over the tenants.</summary>
    public async Task SubmitAsync(int jobs, IReadOnlyList<TenantId> tenants, CancellationToken cancellationToken)
    {
        var each = Math.Max(1, jobs / tenants.Count);
        // In turn, as they would come: then the jobs leased together lie together in the file, however many the tenants.
        var perCall = Math.Min(each, Math.Max(1, Batch / tenants.Count));
        for (var submitted = 0; submitted < each; submitted += perCall)
        {
            foreach (var some in tenants.Chunk(Batch / perCall))
            {
                await Task.WhenAll(some.Select(tenant => server.Store.SubmitManyAsync(
                    [.. Enumerable.Range(0, Math.Min(perCall, each - submitted)).Select(_ => Create(tenant))], cancellationToken)));
            }
        }
    }

    private Submission Create(TenantId tenant) => new()
    {
        Tenant = tenant,
        Queue = Queue,
        Type = Type,
        Payload = _payload,
        MaxRetries = 5,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };
}
