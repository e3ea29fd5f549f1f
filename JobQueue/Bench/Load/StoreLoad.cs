using System.Diagnostics;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Bench.Load;

/// <summary>What producers in the process ask of a server's store and worker pool.</summary>
internal sealed class StoreLoad(BenchServer server, int payloadBytes)
{
    /// <summary>Between two samples, so that each finds the server idle.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(2);

    private readonly byte[] _payload = BenchPayload.Create(payloadBytes);

    /// <summary>So many producers submit, each waiting for its commit before it goes on.</summary>
    /// <returns>Jobs a second and the waits.</returns>
    public async Task<(double PerSecond, Latencies Waits)> SubmitAsync(
        int jobs, int producers, string queue, CancellationToken cancellationToken)
    {
        var each = Math.Max(1, jobs / producers);
        var started = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(
            async () =>
            {
                var taken = new long[each];
                for (var i = 0; i < each; i++)
                    taken[i] = await SubmitOneAsync(queue, cancellationToken);
                return taken;
            },
            cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        return (each * producers / elapsed.TotalSeconds, Latencies.Of([.. waits.SelectMany(taken => taken)]));
    }

    /// <summary>As <see cref="SubmitAsync"/> for a length of time.</summary>
    public async Task<(double PerSecond, Latencies Waits)> SubmitForAsync(
        TimeSpan duration, int producers, string queue, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var waits = await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Run(
            async () =>
            {
                var taken = new List<long>();
                while (Stopwatch.GetElapsedTime(started) < duration)
                    taken.Add(await SubmitOneAsync(queue, cancellationToken));
                return taken;
            },
            cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var all = waits.SelectMany(taken => taken).ToArray();
        return (all.Length / elapsed.TotalSeconds, Latencies.Of(all));
    }

    /// <summary>Lets the pool finish the backlog. Answers jobs a second.</summary>
    public async Task<double> DrainAsync(int jobs, CancellationToken cancellationToken)
    {
        var total = server.Done.Total + jobs;
        var started = Stopwatch.GetTimestamp();
        await server.ResumeAsync(cancellationToken);
        await server.Done.WhenAsync(total, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        await server.PauseAsync(cancellationToken);
        return jobs / elapsed.TotalSeconds;
    }

    /// <summary>Producers submit while the pool runs. Answers jobs a second, from the first submission to the last end.</summary>
    public async Task<double> SubmitAndFinishAsync(int jobs, int producers, CancellationToken cancellationToken)
    {
        jobs -= jobs % producers;
        var total = server.Done.Total + jobs;
        var started = Stopwatch.GetTimestamp();
        await SubmitAsync(jobs, producers, BenchServer.Live, cancellationToken);
        await server.Done.WhenAsync(total, cancellationToken);
        return jobs / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>From the call that submits to the handler's start, one job at a time on an idle server.</summary>
    public async Task<Latencies> PickUpAsync(int samples, CancellationToken cancellationToken)
    {
        var waits = new long[samples];
        for (var i = 0; i < samples; i++)
        {
            await Task.Delay(Idle, TimeProvider.System, cancellationToken);
            var total = server.Done.Total + 1;
            var submitted = Stopwatch.GetTimestamp();
            await server.Store.SubmitAsync(Create(BenchServer.Live), cancellationToken);
            await server.Done.WhenAsync(total, cancellationToken);
            waits[i] = server.Handler.LastStart - submitted;
        }

        return Latencies.Of(waits);
    }

    private async ValueTask<long> SubmitOneAsync(string queue, CancellationToken cancellationToken)
    {
        var submission = Create(queue);
        var started = Stopwatch.GetTimestamp();
        if (await server.Store.SubmitAsync(submission, cancellationToken) is not SubmitResult.Accepted)
            throw new InvalidOperationException("The store refused a job of a tenant without limits.");
        return Stopwatch.GetTimestamp() - started;
    }

    private Submission Create(string queue) => new()
    {
        Tenant = server.Tenant,
        Queue = queue,
        Type = BenchHandler.TypeName,
        Payload = _payload,
        MaxRetries = 5,
        SubmittedBy = "token:bench",
        Trace = TraceParent.CreateNew(),
    };
}
