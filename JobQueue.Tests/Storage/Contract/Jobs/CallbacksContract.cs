using System.Text.Json.Nodes;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Queries;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>Every end is told to whoever asked for it.</summary>
public abstract class CallbacksContract(StoreProvider provider) : StoreContract(provider)
{
    private const string Hook = "https://example.com/hook?a=b";

    /// <summary>Every way in which a job ends.</summary>
    public static TheoryData<string, string, string?> WaysToEnd => new()
    {
        { "finish", "job.done", null },
        { "finish with the next job leased", "job.done", null },
        { "finish and read", "job.done", null },
        { "fail for good", "job.failed", "permanent_error" },
        { "fail the last retry", "job.failed", "retries_exhausted" },
        { "cancel a pending job", "job.failed", "cancelled" },
        { "cancel a job that waits for its time", "job.failed", "cancelled" },
        { "cancel a running job", "job.failed", "cancelled" },
        { "lose the lease of a job that is to be cancelled", "job.failed", "cancelled" },
        { "crash the third time", "job.failed", "poison" },
        { "outlive the timeout", "job.failed", "retries_exhausted" },
    };

    [Theory]
    [MemberData(nameof(WaysToEnd))]
    public async Task Every_end_makes_a_job_that_tells_of_it(string end, string told, string? reason)
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")) with
        {
            MaxRetries = 0,
            TimeoutSeconds = 5,
            Delay = end == "cancel a job that waits for its time" ? TimeSpan.FromDays(1) : null,
        });

        await EndAsync(queue, job.Id, end);

        var ended = await queue.FindAsync(job.Id);
        var delivery = Assert.Single(await DeliveriesAsync(queue, job.Id));
        Assert.Equal(("http.request", "callbacks", $"callback:{job.Id}", ended.Trace), (delivery.Type, delivery.Queue, delivery.SubmittedBy, delivery.Trace));
        Assert.Equal((JobStatus.Pending, 5, ended.FinishedAt), (delivery.Status, delivery.MaxRetries, delivery.CreatedAt));
        Assert.Null(delivery.Callback);
        Assert.True(delivery.Id > job.Id);
        var payload = JsonNode.Parse(delivery.Payload.Span)!;
        Assert.Equal(Hook, (string?)payload["url"]);
        Assert.Equal(told, (string?)payload["body"]!["event"]);
        Assert.Equal(job.Id.ToString(), (string?)payload["body"]!["job"]!["id"]);
        Assert.Equal(reason, (string?)payload["body"]!["job"]!["reason"]);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Theory]
    [InlineData(CallbackOn.Ended, 1, 1)]
    [InlineData(CallbackOn.Done, 1, 0)]
    [InlineData(CallbackOn.Failed, 0, 1)]
    public async Task Only_the_ends_that_were_asked_for_are_told(CallbackOn on, int ofDone, int ofFailed)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var done = await queue.SubmitAsync(Called(acme, on));
        await queue.FinishAsync(await LeaseEchoAsync(queue));
        var failed = await queue.SubmitAsync(Called(acme, on));
        await queue.FailAsync(await LeaseEchoAsync(queue), retryable: false);

        Assert.Equal((ofDone, ofFailed), ((await DeliveriesAsync(queue, done.Id)).Count, (await DeliveriesAsync(queue, failed.Id)).Count));
        Assert.Equal(ofDone + ofFailed, (await queue.ListAsync(new() { Queue = "callbacks" })).Count);
        Assert.Equal(new Callback(Hook, on), (await queue.FindAsync(done.Id)).Callback);
    }

    [Fact]
    public async Task What_is_no_end_is_not_told()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")));
        await queue.SettleAsync(await LeaseEchoAsync(queue), new JobOutcome.Released());
        await queue.FailAsync(await LeaseEchoAsync(queue));
        await queue.LiveAsync(TimeSpan.FromSeconds(10));
        await LeaseEchoAsync(queue);
        await queue.LiveAsync(TimeSpan.FromSeconds(31));
        Assert.Empty(await DeliveriesAsync(queue, job.Id));

        await queue.FailAsync(await LeaseEchoAsync(queue), retryable: false);
        Assert.Single(await DeliveriesAsync(queue, job.Id));
        await queue.Store.DiscardAsync(job.Id, Some.Actor(), Ct);
        Assert.Single(await DeliveriesAsync(queue, job.Id));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Job_that_ends_again_after_a_requeue_is_told_again_by_another_job()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")));
        await queue.FailAsync(await LeaseEchoAsync(queue), retryable: false);
        await queue.Store.RequeueAsync(job.Id, null, Some.Actor(), Ct);
        await queue.FinishAsync(await LeaseEchoAsync(queue));

        var told = (await DeliveriesAsync(queue, job.Id)).Select(delivery => (string?)JsonNode.Parse(delivery.Payload.Span)!["body"]!["event"]);
        Assert.Equal(["job.done", "job.failed"], told);
    }

    [Fact]
    public async Task Callback_says_what_the_job_was_at_its_end_whatever_becomes_of_it()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")));
        await queue.FailAsync(await LeaseEchoAsync(queue), "first", retryable: false);
        await queue.Store.RequeueAsync(job.Id, "2"u8.ToArray(), Some.Actor(), Ct);

        var told = JsonNode.Parse((await DeliveriesAsync(queue, job.Id)).Single().Payload.Span)!["body"]!["job"]!;
        Assert.Equal(("failed", "first"), ((string?)told["status"], (string?)told["error"]!["message"]));
    }

    [Fact]
    public async Task Callback_is_made_whatever_the_limits_of_its_tenant_and_takes_nothing_of_them()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(1, 2, 1));
        var first = await queue.SubmitAsync(Called(acme));
        var running = await LeaseEchoAsync(queue);
        var second = await queue.SubmitAsync(Called(acme));
        Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));

        await queue.FinishAsync(running);
        await queue.Store.CancelAsync(second.Id, Some.Actor(), Ct);

        Assert.Single(await DeliveriesAsync(queue, first.Id));
        Assert.Single(await DeliveriesAsync(queue, second.Id));
        Assert.Equal(2, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.RestartAsync();
        Assert.Equal(2, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Job_that_was_leased_before_a_crash_is_told_of_after_it()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")));
        var leased = await queue.LeaseOneAsync();

        await using var next = await queue.StartAfterCrashAsync();

        await next.FinishAsync(leased);
        Assert.Single(await DeliveriesAsync(next, job.Id));
    }

    [Fact]
    public async Task Crash_after_the_end_loses_no_callback_and_doubles_none()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")));
        await queue.FinishAsync(await queue.LeaseOneAsync());

        await using var next = await queue.StartAfterCrashAsync();

        var delivery = await next.LeaseOneAsync(Some.Pool);
        Assert.Equal(Assert.Single(await DeliveriesAsync(queue, job.Id)).Id, delivery.Job.Id);
        await using var third = await next.StartAfterCrashAsync();
        await third.OutliveTheDeadAsync();
        Assert.Equal(delivery.Job.Id, (await third.LeaseOneAsync()).Job.Id);
        Assert.Empty(await third.LeaseAsync(Some.Wish()));
        await StoreChecks.CountersMatchRowsAsync(third);
    }

    [Fact]
    public async Task Same_request_but_for_its_callback_is_another_request()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        Submission[] different =
        [
            Some.Submission(acme), Called(acme), Called(acme, CallbackOn.Done), Called(acme) with { Callback = new Callback("https://example.com/", CallbackOn.Ended) },
        ];

        var hashes = different.Select(submission => Convert.ToHexString(RequestHash.Of(submission, default)));

        Assert.Equal(4, hashes.Distinct().Count());
    }

    [Fact]
    public async Task Retention_forgets_with_a_job_who_told_of_it()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(Called(await queue.TenantAsync("acme")));
        await queue.FinishAsync(await queue.LeaseOneAsync());
        await queue.FinishAsync(await queue.LeaseOneAsync());
        queue.Time.Advance(TimeSpan.FromDays(8));

        Assert.Equal(2, await SweepAsync(queue, 7, 7));

        Assert.Empty(await DeliveriesAsync(queue, job.Id));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    private static Submission Called(TenantId tenant, CallbackOn on = CallbackOn.Ended) =>
        Some.Submission(tenant) with { Callback = new Callback(Hook, on) };

    /// <summary>Leases a job that is no callback.</summary>
    private static async Task<LeasedJob> LeaseEchoAsync(TestQueue queue, WorkerIdentity? worker = null) =>
        Assert.Single(await queue.LeaseAsync(Some.Wish(1, worker) with { Types = new HashSet<string> { Submission.DefaultType } }));

    /// <summary>The jobs that tell of the job's ends, the latest first, with their payloads.</summary>
    private static async Task<IReadOnlyList<Job>> DeliveriesAsync(TestQueue queue, JobId id)
    {
        var ids = await queue.Services.GetRequiredService<CallbackQueries>().DeliveriesAsync(id, 10, Ct);
        return await queue.Jobs.FindManyAsync(null, ids, Ct);
    }

    private static async Task EndAsync(TestQueue queue, JobId id, string end)
    {
        switch (end)
        {
            case "finish":
                await queue.FinishAsync(await queue.LeaseOneAsync());
                break;
            case "finish with the next job leased":
                var ends = await queue.Store.SettleManyAsync(
                    [new AttemptEnd((await queue.LeaseOneAsync()).Token, Some.Done)], null, Some.Wish() with { Types = new HashSet<string> { "other" } }, Ct);
                Assert.Equal(JobStatus.Done, Assert.Single(ends.Attempts)!.Status);
                break;
            case "finish and read":
                Assert.NotNull(await queue.Store.SettleAndReadAsync((await queue.LeaseOneAsync()).Token, null, Some.Done, Ct));
                break;
            case "fail for good":
                await queue.FailAsync(await queue.LeaseOneAsync(), retryable: false);
                break;
            case "fail the last retry":
                await queue.FailAsync(await queue.LeaseOneAsync());
                break;
            case "cancel a pending job" or "cancel a job that waits for its time":
                Assert.Equal(ControlResult.Changed, await queue.Store.CancelAsync(id, Some.Actor(), Ct));
                break;
            case "cancel a running job":
                var running = await queue.LeaseOneAsync();
                Assert.Equal(ControlResult.CancelRequested, await queue.Store.CancelAsync(id, Some.Actor(), Ct));
                await queue.SettleAsync(running, new JobOutcome.Released());
                break;
            case "lose the lease of a job that is to be cancelled":
                await queue.LeaseOneAsync(Some.Pool);
                Assert.Equal(ControlResult.CancelRequested, await queue.Store.CancelAsync(id, Some.Actor(), Ct));
                await queue.LiveAsync(TimeSpan.FromSeconds(31));
                break;
            case "crash the third time":
                for (var crash = 0; crash < 3; crash++)
                {
                    await queue.LeaseOneAsync(Some.Pool);
                    await queue.LiveAsync(TimeSpan.FromSeconds(31));
                }

                break;
            case "outlive the timeout":
                await queue.LeaseOneAsync();
                await queue.LiveAsync(TimeSpan.FromSeconds(6));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(end), end, "unknown end");
        }
    }
}
