using System.Buffers;
using System.Text.Json;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;
using JobQueue.Workers.Held;

namespace JobQueue.Workers.Remote;

/// <summary>The leases of a server elsewhere, by its API: what the pool of a worker in a process of its own works on. Thread-safe.</summary>
internal sealed class ServerLeases(
    ServerCalls calls, ServerEnds ends, HeldJobs held, IHostApplicationLifetime lifetime, ILogger<ServerLeases> logger) : IJobLeases
{
    private const int MostJobsInACall = 100;
    private const int HeartbeatsAtOnce = 8;

    /// <summary>As long as the server lets a call wait.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private volatile ServerRefusedException? _refusal;

    /// <summary>Why the server does not want this worker, if it does not; then the process is stopping.</summary>
    public ServerRefusedException? Refusal => _refusal;

    /// <summary>Long polls, one after the other. The pool's wish to lease ahead is its own business: a server elsewhere gives what can start.</summary>
    public async Task<IReadOnlyList<LeasedJob>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Slots == 0)
            return [];
        var wait = request.Wait == Timeout.InfiniteTimeSpan || request.Wait > LongestWait ? LongestWait : request.Wait;
        var body = Write(json =>
        {
            json.WriteString("worker", request.Worker.Name);
            json.WriteNumber("max", Math.Min(request.Slots, MostJobsInACall));
            json.WriteNumber("lease_seconds", request.Duration.TotalSeconds);
            json.WriteNumber("wait_seconds", wait.TotalSeconds);
            WriteNames(json, "types", request.Types);
            WriteNames(json, "queues", request.Queues);
        });
        while (true)
        {
            var answer = await GuardAsync(() => calls.PostAsync("leases", body, RemoteJson.Default.LeasesAnswer, wait, cancellationToken));
            if (answer is { Items.Count: > 0 } || request.Wait != Timeout.InfiniteTimeSpan)
                return [.. (answer?.Items ?? []).Select(item => item.ToLeasedJob())];
        }
    }

    public async Task<IReadOnlyList<LeaseToken>> ExtendAsync(
        IReadOnlyList<LeaseToken> leases, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(HeartbeatsAtOnce, HeartbeatsAtOnce);
        var extended = await Task.WhenAll(leases.Select(async lease =>
        {
            await room.WaitAsync(cancellationToken);
            try
            {
                return await HeartbeatAsync(lease, null, null, [], cancellationToken) is not null;
            }
            finally
            {
                room.Release();
            }
        }));
        return [.. leases.Where((_, index) => !extended[index])];
    }

    public async Task<HeartbeatResult?> HeartbeatAsync(
        LeaseToken lease, TenantId? scope, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken)
    {
        try
        {
            return await PostHeartbeatAsync(lease, progress, logLines, cancellationToken);
        }
        catch (ServerRefusedException refusal) when (progress is not null || logLines.Count > 0)
        {
            // The server takes less at once than this process sends. The job is worth more than what it says.
            RemoteLog.ReportsRefused(logger, lease.Job, refusal.Message);
            return await PostHeartbeatAsync(lease, null, [], cancellationToken);
        }
    }

    private async Task<HeartbeatResult?> PostHeartbeatAsync(
        LeaseToken lease, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken)
    {
        var body = Write(json =>
        {
            if (progress is not null)
            {
                json.WriteStartObject("progress");
                if (progress.Percent is { } percent)
                    json.WriteNumber("percent", percent);
                json.WriteString("message", progress.Message);
                json.WriteEndObject();
            }

            if (logLines.Count > 0)
                json.WriteString("log", string.Join('\n', logLines));
        });
        var answer = await GuardAsync(() => calls.PostAsync(
            $"leases/{lease}/heartbeat", body, RemoteJson.Default.HeartbeatAnswer, TimeSpan.Zero, cancellationToken));
        if (answer is null)
            return null;
        if (answer.CancelRequested)
            held.Cancel(lease);
        return new HeartbeatResult(answer.LeaseExpiresAt, answer.CancelRequested);
    }

    public async Task<SettleResult> SettleAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Report is { } said && await HeartbeatAsync(lease, scope, said.Progress, said.Lines, cancellationToken) is null)
            return SettleResult.LeaseLost;
        string sentence;
        try
        {
            var answer = await SendAsync(lease, outcome, cancellationToken);
            if (answer.Detail is null || outcome is not JobOutcome.Done)
                return answer.Code is null ? SettleResult.Settled : SettleResult.LeaseLost;
            sentence = answer.Detail;
        }
        catch (ServerRefusedException refusal) when (outcome is JobOutcome.Done)
        {
            sentence = refusal.Message;
        }

        // The server keeps smaller results than this process thought: that will not change by running again.
        var error = new JobError(sentence, AttemptOutcomes.ResultErrorType);
        return await SettleAsync(lease, scope, new JobOutcome.Failed(error, Retryable: false), cancellationToken);
    }

    private async Task<EndAnswer> SendAsync(LeaseToken lease, JobOutcome outcome, CancellationToken cancellationToken)
    {
        var end = Write(json =>
        {
            json.WriteString("lease_token", lease.ToString());
            json.WriteStartObject(outcome switch
            {
                JobOutcome.Done => "ack",
                JobOutcome.Failed => "fail",
                _ => "release",
            });
            if (outcome is JobOutcome.Done { Result: { } result })
            {
                json.WritePropertyName("result");
                json.WriteRawValue(result.Span, skipInputValidation: true);
            }
            else if (outcome is JobOutcome.Failed failed)
            {
                WriteFailure(json, failed);
            }

            json.WriteEndObject();
        });
        return (await GuardAsync<EndAnswer>(async () => await ends.SendAsync(end, cancellationToken)))!;
    }

    /// <summary>A token that is not valid, or has no scope, will not become so: there is no use in going on. Nothing else ends a worker.</summary>
    private async Task<TAnswer?> GuardAsync<TAnswer>(Func<Task<TAnswer?>> call)
        where TAnswer : class
    {
        try
        {
            return await call();
        }
        catch (ServerRefusedException refusal) when (refusal.Status is 401 or 403)
        {
            if (Interlocked.CompareExchange(ref _refusal, refusal, null) is null)
            {
                RemoteLog.Refused(logger, refusal.Message);
                lifetime.StopApplication();
            }

            throw new StoreStoppedException(refusal);
        }
    }

    private static void WriteFailure(Utf8JsonWriter json, JobOutcome.Failed failed)
    {
        json.WriteStartObject("error");
        json.WriteString("message", failed.Error.Message);
        json.WriteString("type", failed.Error.Type);
        json.WriteEndObject();
        json.WriteBoolean("retryable", failed.Retryable);
        if (failed.RetryAfter is { } after)
            json.WriteNumber("retry_after_seconds", Math.Max(0, after.TotalSeconds));
    }

    private static void WriteNames(Utf8JsonWriter json, string field, IReadOnlySet<string>? names)
    {
        if (names is null)
            return;
        json.WriteStartArray(field);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        fields(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
