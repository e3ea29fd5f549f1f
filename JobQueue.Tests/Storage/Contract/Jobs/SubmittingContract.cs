using System.Text;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>What is accepted, and as what.</summary>
public abstract class SubmittingContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Accepted_job_is_answered_as_it_is_stored()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var submission = Some.Submission(acme, """{"a":1.50,"a":"\u0000"}""") with
        {
            Type = "mail.send",
            Queue = "night",
            Priority = 7,
            MaxRetries = 3,
            TimeoutSeconds = 60,
            Tags = ["red", "two words"],
            SubmittedBy = "token:ci",
        };

        var accepted = await queue.SubmitAsync(submission);

        var stored = await queue.FindAsync(accepted.Id);
        Assert.Equivalent(stored, accepted, strict: true);
        Assert.Equal("""{"a":1.50,"a":"\u0000"}""", Encoding.UTF8.GetString(stored.Payload.Span));
        Assert.Equal(
            ("acme", "night", "mail.send", JobStatus.Pending, WaitingFor.Worker, 7, 3, 60, "token:ci"),
            (stored.Tenant, stored.Queue, stored.Type, stored.Status, stored.WaitingFor, stored.Priority, stored.MaxRetries, stored.TimeoutSeconds, stored.SubmittedBy));
        Assert.Equal(["red", "two words"], stored.Tags);
        Assert.Equal(submission.Trace, stored.Trace);
        Assert.Equal((queue.Time.GetUtcNow(), queue.Time.GetUtcNow()), (stored.CreatedAt, stored.RunAt));
        Assert.Equal((0, 0, 0), (stored.Retries, stored.Crashes, stored.Attempts));
        Assert.All(
            new object?[] { stored.Reason, stored.Error, stored.OriginalPayload, stored.Result, stored.Progress, stored.StartedAt, stored.FinishedAt, stored.LeaseExpiresAt, stored.Worker, stored.IdempotencyKey },
            Assert.Null);
        Assert.False(stored.CancelRequested || stored.DeadLettered);
    }

    [Fact]
    public async Task Job_without_wishes_takes_the_defaults()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        Assert.Equal(("echo", "default", 0, 300), (job.Type, job.Queue, job.Priority, job.TimeoutSeconds));
        Assert.Empty(job.Tags);
    }

    [Fact]
    public async Task Job_for_later_waits_for_its_time()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var now = queue.Time.GetUtcNow();
        var at = await queue.SubmitAsync(Some.Submission(acme) with { RunAt = now + (20 * Second) });
        var after = await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromSeconds(10.5) });

        Assert.Equal((WaitingFor.Schedule, now + (20 * Second)), (at.WaitingFor, at.RunAt));
        Assert.Equal(now + TimeSpan.FromSeconds(10.5), after.RunAt);
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        await queue.LiveAsync(TimeSpan.FromSeconds(10.4));
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        await queue.LiveAsync(TimeSpan.FromSeconds(0.1));
        Assert.Equal(after.Id, (await queue.LeaseOneAsync()).Job.Id);
        await queue.LiveAsync(TimeSpan.FromSeconds(9.5));
        Assert.Equal(at.Id, (await queue.LeaseOneAsync()).Job.Id);
    }

    [Fact]
    public async Task Past_time_means_now()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var now = queue.Time.GetUtcNow();
        var first = await queue.SubmitAsync(acme);
        var past = await queue.SubmitAsync(Some.Submission(acme) with { RunAt = now - TimeSpan.FromDays(1) });
        var negative = await queue.SubmitAsync(Some.Submission(acme) with { Delay = -Second });

        Assert.Equal((now, now), (past.RunAt, negative.RunAt));
        Assert.Equal(
            [first.Id, past.Id, negative.Id],
            (await queue.LeaseAsync(Some.Wish(3))).Select(leased => leased.Job.Id));
    }

    [Fact]
    public async Task Ids_only_rise_even_when_the_clock_goes_back()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var ids = new List<JobId>();
        async Task Accept(int count)
        {
            var result = await queue.Store.SubmitManyAsync([.. Enumerable.Range(0, count).Select(_ => Some.Submission(acme))], Ct);
            ids.AddRange(Assert.IsType<BatchSubmitResult.Accepted>(result).Items.Select(item => ((SubmitResult.Accepted)item).Job.Id));
        }

        for (var i = 0; i < 5; i++)
            await Accept(1000);
        queue.Time.SetHands(-TimeSpan.FromHours(1));
        await Accept(10);
        await queue.RestartAsync();
        await Accept(10);
        queue.Time.SetHands(-TimeSpan.FromDays(400));
        await queue.RestartAsync();
        await Accept(10);

        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal('7', id.ToString()[14]));
    }

    [Fact]
    public async Task Batch_is_answered_in_its_order_and_runs_in_it()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var payloads = Enumerable.Range(0, 250).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();

        var result = await queue.Store.SubmitManyAsync([.. payloads.Select(payload => Some.Submission(acme, payload))], Ct);

        var items = Assert.IsType<BatchSubmitResult.Accepted>(result).Items.Cast<SubmitResult.Accepted>().Select(item => item.Job).ToList();
        Assert.Equal(payloads, items.Select(job => Encoding.UTF8.GetString(job.Payload.Span)));
        var leased = await queue.LeaseAsync(Some.Wish(250));
        Assert.Equal(items.Select(job => job.Id), leased.Select(each => each.Job.Id));
    }

    [Fact]
    public async Task Accepted_job_survives_a_crash_right_after_the_answer()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Keyed(acme, "k"));

        await using var next = await queue.StartAfterCrashAsync();

        Assert.Equal(JobStatus.Pending, (await next.FindAsync(job.Id)).Status);
        Assert.Equal(new SubmitResult.Replayed(job.Id), await next.Store.SubmitAsync(Some.Keyed(acme, "k"), Ct));
    }

    [Fact]
    public async Task Submission_is_on_the_feed_after_it_is_on_disk()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var heard = new TaskCompletionSource<JobEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = queue.Feed.Subscribe("test", batch => heard.TrySetResult(batch[0]));
        var job = await queue.SubmitAsync(acme);
        var said = await heard.Task.WaitAsync(Soon, Ct);
        Assert.Equal((JobEventKind.Submitted, job.Id, acme, "acme", JobStatus.Pending), (said.Kind, said.JobId, said.TenantId, said.Tenant, said.Status));
        Assert.Equal((job.Trace, "token:test"), (said.Trace, said.Actor));
    }
}
