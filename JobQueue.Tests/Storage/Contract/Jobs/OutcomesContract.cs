using System.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>What an attempt's end makes of its job.</summary>
public abstract class OutcomesContract(StoreProvider provider) : StoreContract(provider)
{
    [Theory]
    [InlineData("""{"b":2,"a":1.0}""")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task Finished_job_keeps_its_result_as_given(string? result)
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        queue.Time.Advance(Second);
        var outcome = new JobOutcome.Done(result is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(result))
        {
            StartedAt = queue.Time.GetUtcNow() - TimeSpan.FromMilliseconds(400),
        };

        Assert.Equal(SettleResult.Settled, await queue.SettleAsync(leased, outcome));

        var done = await queue.FindAsync(job.Id);
        var now = queue.Time.GetUtcNow();
        Assert.Equal((JobStatus.Done, now, now - TimeSpan.FromMilliseconds(400), "remote"), (done.Status, done.FinishedAt, done.StartedAt, done.Worker));
        Assert.Equal(result, done.Result is { } kept ? Encoding.UTF8.GetString(kept.Span) : null);
        Assert.All(new object?[] { done.Reason, done.WaitingFor, done.Error, done.LeaseExpiresAt, done.Progress }, Assert.Null);
        Assert.Equal([AttemptOutcome.Done], await queue.OutcomesAsync(job.Id));
    }

    [Fact]
    public async Task Failed_attempt_waits_for_its_retry()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        await queue.FailAsync(await queue.LeaseOneAsync(), "first");

        var waiting = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Pending, WaitingFor.Retry, 1, 1, 0), (waiting.Status, waiting.WaitingFor, waiting.Retries, waiting.Attempts, waiting.Crashes));
        Assert.Equal(new JobError("first", "TestError"), waiting.Error);
        Assert.InRange(waiting.RunAt - queue.Time.GetUtcNow(), TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(6.25));
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        await queue.LiveAsync(TimeSpan.FromSeconds(7));
        var leased = await queue.LeaseOneAsync();
        Assert.Equal((2, null), (leased.Job.Attempts, leased.Job.Error));
        Assert.Null((await queue.FindAsync(job.Id)).Error);
        Assert.Equal([AttemptOutcome.Failed, null], await queue.OutcomesAsync(job.Id));
        await queue.FinishAsync(leased);
        Assert.Null((await queue.FindAsync(job.Id)).Error);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Done], await queue.OutcomesAsync(job.Id));
    }

    [Fact]
    public async Task Delays_between_retries_grow_as_configured_up_to_the_longest()
    {
        await using var queue = await StartAsync(services => services.Configure<RetriesOptions>(retries =>
            (retries.BaseDelaySeconds, retries.Factor, retries.MaxDelaySeconds) = (2, 4, 60)));
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        foreach (var delay in new[] { 2, 8, 32, 60, 60 })
        {
            await queue.FailAsync(await queue.LeaseOneAsync());
            var waits = (await queue.FindAsync(job.Id)).RunAt - queue.Time.GetUtcNow();
            Assert.InRange(waits.TotalSeconds, delay * 0.75, delay * 1.25);
            await queue.LiveAsync(TimeSpan.FromSeconds(76));
        }
    }

    [Fact]
    public async Task Longer_wish_of_the_target_beats_the_computed_delay_and_a_shorter_does_not()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Failed(new JobError("429", null), true, TimeSpan.FromSeconds(120)));
        Assert.InRange((await queue.FindAsync(job.Id)).RunAt - queue.Time.GetUtcNow(), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(132));
        await queue.LiveAsync(TimeSpan.FromSeconds(132));
        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Failed(new JobError("429", null), true, Second));
        Assert.True((await queue.FindAsync(job.Id)).RunAt - queue.Time.GetUtcNow() >= TimeSpan.FromSeconds(15 * 0.75));
    }

    [Fact]
    public async Task Wish_beyond_the_longest_is_cut_and_the_jobs_log_says_so()
    {
        await using var queue = await StartAsync(services => services.Configure<RetriesOptions>(retries => retries.MaxRetryAfterSeconds = 3_600));
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));

        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Failed(new JobError("503", null), true, TimeSpan.FromDays(3)));

        Assert.InRange((await queue.FindAsync(job.Id)).RunAt - queue.Time.GetUtcNow(), TimeSpan.FromSeconds(3_600), TimeSpan.FromSeconds(3_960));
        Assert.Equal(
            ["The target asked for a pause of 259200 s; at most 3600 s are waited (Retries:MaxRetryAfterSeconds)."],
            (await queue.Jobs.LogsAsync(null, job.Id, 0, 10, Ct))!.Items.Select(line => line.Message));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Job_without_retries_left_stands_in_the_dead_letter_queue(int maxRetries)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Submission(acme, "[1]") with { MaxRetries = maxRetries });
        for (var attempt = 0; attempt <= maxRetries; attempt++)
        {
            await queue.FailAsync(await queue.LeaseOneAsync(), $"no {attempt}");
            await queue.LiveAsync(TimeSpan.FromSeconds(20));
        }

        var failed = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Failed, FailReason.RetriesExhausted, maxRetries, true), (failed.Status, failed.Reason, failed.Retries, failed.DeadLettered));
        Assert.NotNull(failed.FinishedAt);
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        var entry = await queue.DeadLetters.FindAsync(acme, job.Id, Ct);
        Assert.NotNull(entry);
        Assert.Equal(
            ("acme", "default", "echo", FailReason.RetriesExhausted, maxRetries + 1, failed.FinishedAt),
            (entry.Tenant, entry.Queue, entry.Type, entry.Reason, entry.Attempts, entry.DeadAt));
        Assert.Equal(new JobError($"no {maxRetries}", "TestError"), entry.Error);
        Assert.Equal(Fingerprint.Of("echo", new JobError("no 77", "TestError")), entry.Fingerprint);
        Assert.Equal("[1]", Encoding.UTF8.GetString(entry.Payload.Span));
        Assert.Equal(Enumerable.Repeat<AttemptOutcome?>(AttemptOutcome.Failed, maxRetries + 1), await queue.OutcomesAsync(job.Id));
    }

    [Fact]
    public async Task Permanent_error_is_dead_at_once()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitDeadAsync(Some.Submission(acme));
        Assert.Equal((JobStatus.Failed, FailReason.PermanentError, 0, 1), (job.Status, job.Reason, job.Retries, job.Attempts));
        Assert.True(await queue.IsDeadLetterAsync(job.Id));
    }

    [Fact]
    public async Task Released_job_is_ready_again_and_nothing_is_counted()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(acme);
        await queue.SubmitAsync(acme);
        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Released());
        var back = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Pending, WaitingFor.Worker, 0, 0, job.RunAt), (back.Status, back.WaitingFor, back.Retries, back.Crashes, back.RunAt));
        Assert.Equal([AttemptOutcome.Released], await queue.OutcomesAsync(job.Id));
        Assert.Equal(job.Id, (await queue.LeaseOneAsync()).Job.Id);
    }

    [Fact]
    public async Task Job_leased_ahead_that_never_began_leaves_no_attempt()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        await queue.SettleAsync(await queue.LeaseOneAsync(Some.Pool), new JobOutcome.Released());
        Assert.Empty(await queue.OutcomesAsync(job.Id));
        var leased = await queue.LeaseOneAsync(Some.Pool);
        Assert.Equal(1, leased.Job.Attempts);
        await queue.SettleAsync(leased, new JobOutcome.Released { StartedAt = queue.Time.GetUtcNow() });
        Assert.Equal([AttemptOutcome.Released], await queue.OutcomesAsync(job.Id));
        Assert.Equal(2, (await queue.LeaseOneAsync(Some.Pool)).Job.Attempts);
    }

    [Fact]
    public async Task Returned_job_is_ready_at_once_when_the_clock_went_back()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        queue.Time.SetHands(-TimeSpan.FromHours(2));
        await queue.SettleAsync(leased, new JobOutcome.Released());
        Assert.Equal(job.Id, (await queue.LeaseOneAsync()).Job.Id);
    }

    [Fact]
    public async Task Every_end_of_an_attempt_is_on_the_feed()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var heard = new System.Collections.Concurrent.ConcurrentQueue<JobEvent>();
        using var subscription = queue.Feed.Subscribe("test", batch =>
        {
            foreach (var each in batch)
                heard.Enqueue(each);
        });
        var job = await queue.SubmitAsync(Some.Submission(acme) with { MaxRetries = 1 });
        await queue.SettleAsync(await queue.LeaseOneAsync(), new JobOutcome.Released());
        queue.Time.Advance(Second);
        var leased = await queue.LeaseOneAsync();
        await queue.FailAsync(leased, "one");
        await queue.LiveAsync(TimeSpan.FromSeconds(10));
        await queue.FailAsync(await queue.LeaseOneAsync(), "two");
        await queue.Store.RequeueAsync(job.Id, null, Some.Actor(), Ct);
        await queue.FinishAsync(await queue.LeaseOneAsync());

        await Eventually.True(() => heard.Any(each => each.Kind == JobEventKind.Done), "the job's end is heard");
        Assert.Equal(
            [
                JobEventKind.Submitted, JobEventKind.Started, JobEventKind.Released, JobEventKind.Started, JobEventKind.Failed,
                JobEventKind.RetryScheduled, JobEventKind.Started, JobEventKind.Failed, JobEventKind.DeadLettered, JobEventKind.Requeued,
                JobEventKind.Started, JobEventKind.Done,
            ],
            heard.Select(each => each.Kind));
        Assert.All(heard, each => Assert.Equal((job.Id, job.Trace, "acme"), (each.JobId, each.Trace, each.Tenant)));
        Assert.Equal([1, 2, 3, 4], heard.Where(each => each.Kind == JobEventKind.Started).Select(each => each.Attempt));
    }
}
