using System.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.DeadLetters;

/// <summary>What becomes of jobs that failed for good.</summary>
public abstract class DeadLettersContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Requeued_job_runs_again_with_its_id_and_history()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var dead = await queue.SubmitDeadAsync(Some.Keyed(acme, "k", "[7]") with { MaxRetries = 2 });
        queue.Time.Advance(Second);

        Assert.Equal(ControlResult.Changed, await queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));

        var back = await queue.FindAsync(dead.Id);
        Assert.Equal(
            (JobStatus.Pending, WaitingFor.Worker, 0, 0, queue.Time.GetUtcNow(), dead.CreatedAt),
            (back.Status, back.WaitingFor, back.Retries, back.Crashes, back.RunAt, back.CreatedAt));
        Assert.All(new object?[] { back.Reason, back.Error, back.FinishedAt, back.OriginalPayload }, Assert.Null);
        Assert.Equal("[7]", Encoding.UTF8.GetString(back.Payload.Span));
        Assert.False(await queue.IsDeadLetterAsync(dead.Id));
        var leased = await queue.LeaseOneAsync();
        Assert.Equal((dead.Id, 2, "[7]"), (leased.Job.Id, leased.Job.Attempts, Encoding.UTF8.GetString(leased.Job.Payload.Span)));
        await queue.FinishAsync(leased);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Done], await queue.OutcomesAsync(dead.Id));
        Assert.Equal(new SubmitResult.Replayed(dead.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "k", "[7]"), Ct));
    }

    [Fact]
    public async Task First_payload_stays_readable_over_two_edits()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme, "\"first\""));
        foreach (var edit in new[] { "\"second\"", "\"third\"" })
        {
            Assert.Equal(ControlResult.Changed, await queue.Store.RequeueAsync(dead.Id, Encoding.UTF8.GetBytes(edit), Some.Actor(), Ct));
            var leased = await queue.LeaseOneAsync();
            Assert.Equal(edit, Encoding.UTF8.GetString(leased.Job.Payload.Span));
            Assert.Equal("\"first\"", Encoding.UTF8.GetString(leased.Job.OriginalPayload!.Value.Span));
            await queue.FailAsync(leased, retryable: false);
        }

        Assert.Equal(ControlResult.Changed, await queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
        var job = await queue.FindAsync(dead.Id);
        Assert.Equal(
            ("\"third\"", "\"first\""),
            (Encoding.UTF8.GetString(job.Payload.Span), Encoding.UTF8.GetString(job.OriginalPayload!.Value.Span)));
    }

    [Fact]
    public async Task Retry_lets_every_failed_job_run_again_and_no_other()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme));
        var discarded = await queue.SubmitDeadAsync(Some.Submission(acme));
        await queue.Store.DiscardAsync(discarded.Id, Some.Actor(), Ct);
        var cancelled = await queue.SubmitAsync(acme);
        await queue.Store.CancelAsync(cancelled.Id, Some.Actor(), Ct);
        var pending = await queue.SubmitAsync(acme);
        Assert.Equal(ControlResult.WrongState, await queue.Store.RetryAsync(pending.Id, Some.Actor(), Ct));
        var running = await queue.LeaseOneAsync();
        Assert.Equal(ControlResult.WrongState, await queue.Store.RetryAsync(pending.Id, Some.Actor(), Ct));
        await queue.FinishAsync(running);
        Assert.Equal(ControlResult.WrongState, await queue.Store.RetryAsync(pending.Id, Some.Actor(), Ct));

        foreach (var failed in new[] { dead, discarded, cancelled })
        {
            Assert.Equal(ControlResult.Changed, await queue.Store.RetryAsync(failed.Id, Some.Actor(), Ct));
            Assert.Equal(JobStatus.Pending, (await queue.FindAsync(failed.Id)).Status);
            Assert.False(await queue.IsDeadLetterAsync(failed.Id));
            Assert.Equal(ControlResult.WrongState, await queue.Store.RetryAsync(failed.Id, Some.Actor(), Ct));
        }

        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Discarded_job_stays_failed_and_leaves_the_dead_letter_queue()
    {
        await using var queue = await StartAsync();
        var dead = await queue.SubmitDeadAsync(Some.Submission(await queue.TenantAsync("acme")));
        Assert.Equal(ControlResult.Changed, await queue.Store.DiscardAsync(dead.Id, Some.Actor(), Ct));
        var job = await queue.FindAsync(dead.Id);
        Assert.Equal((JobStatus.Failed, FailReason.Discarded, dead.Error, dead.FinishedAt), (job.Status, job.Reason, job.Error, job.FinishedAt));
        Assert.False(job.DeadLettered || await queue.IsDeadLetterAsync(dead.Id));
        Assert.Equal(ControlResult.WrongState, await queue.Store.DiscardAsync(dead.Id, Some.Actor(), Ct));
        Assert.Equal(ControlResult.WrongState, await queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Bulk_commands_change_what_their_filter_means()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var began = queue.Time.GetUtcNow();
        var one = await queue.SubmitDeadAsync(Some.Keyed(acme, "find-me") with { Queue = "a", Type = "t" }, "disk 12 is full");
        queue.Time.Advance(Second);
        var two = await queue.SubmitDeadAsync(Some.Submission(acme) with { Queue = "a", Type = "u" }, "disk 13 is full");
        queue.Time.Advance(Second);
        var three = await queue.SubmitDeadAsync(Some.Submission(acme) with { Queue = "b", Type = "t", MaxRetries = 0 }, "50% off_");
        var foreign = await queue.SubmitDeadAsync(Some.Submission(globex) with { Queue = "a", Type = "t" }, "disk 14 is full");
        async Task Means(DeadLetterFilter filter, params JobId[] ids)
        {
            Assert.Equal(new BulkResult(ids.Length, 0), await queue.Store.RequeueManyAsync(filter, dryRun: true, Some.Actor(), Ct));
            var listed = await queue.DeadLetters.ListAsync(filter, null, 100, Ct);
            Assert.Equal(ids.Order(), listed.Items.Select(entry => entry.JobId).Order());
        }

        var all = new DeadLetterFilter();
        await Means(all, one.Id, two.Id, three.Id, foreign.Id);
        await Means(all with { Tenant = acme }, one.Id, two.Id, three.Id);
        await Means(all with { Tenant = acme, JobIds = [one.Id, foreign.Id, JobId.Create(1, 1, 1)] }, one.Id);
        await Means(all with { JobIds = [] });
        await Means(all with { Queue = "a" }, one.Id, two.Id, foreign.Id);
        await Means(all with { Queue = "a", Type = "t" }, one.Id, foreign.Id);
        await Means(all with { Reason = FailReason.PermanentError }, one.Id, two.Id, three.Id, foreign.Id);
        await Means(all with { Reason = FailReason.Poison });
        await Means(all with { Fingerprint = Fingerprint.Of("t", new JobError("disk 1 is full", "TestError")) }, one.Id, foreign.Id);
        await Means(all with { DeadAfter = began + Second }, two.Id, three.Id, foreign.Id);
        await Means(all with { DeadBefore = began + Second }, one.Id);
        await Means(all with { Text = "DISK" }, one.Id, two.Id, foreign.Id);
        await Means(all with { Text = "0% off_" }, three.Id);
        await Means(all with { Text = "%" }, three.Id);
        await Means(all with { Text = "find-me" }, one.Id);
        await Means(all with { Text = one.Id.ToString() }, one.Id);
        await Means(all with { Text = "testerror", Tenant = globex }, foreign.Id);

        Assert.Equal(new BulkResult(2, 2), await queue.Store.DiscardManyAsync(all with { Tenant = acme, Queue = "a" }, false, Some.Actor(), Ct));
        Assert.Equal(FailReason.Discarded, (await queue.FindAsync(one.Id)).Reason);
        Assert.Equal(new BulkResult(2, 2), await queue.Store.RequeueManyAsync(all, false, Some.Actor(), Ct));
        Assert.Equal(JobStatus.Pending, (await queue.FindAsync(foreign.Id)).Status);
        Assert.Equal(new BulkResult(0, 0), await queue.Store.RequeueManyAsync(all, false, Some.Actor(), Ct));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Bulk_command_sees_to_more_than_one_slice_and_any_number_of_ids()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 1200);
        var leased = await queue.LeaseAsync(Some.Wish(1200));
        await Task.WhenAll(leased.Select(each => queue.FailAsync(each, retryable: false)));
        var ids = leased.Select(each => each.Job.Id).Concat(Enumerable.Range(0, 70_000).Select(i => JobId.Create(i, 0, 1))).ToList();
        Assert.Equal(new BulkResult(1200, 0), await queue.Store.RequeueManyAsync(new() { JobIds = ids }, true, Some.Actor(), Ct));
        Assert.Equal(new BulkResult(1200, 1200), await queue.Store.RequeueManyAsync(new() { JobIds = ids, Tenant = acme }, false, Some.Actor(), Ct));
        Assert.Equal(1200, (await queue.UsageAsync(acme)).Pending);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Bulk_command_never_touches_what_died_after_it_began()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 2);
        var (old, young) = (await queue.LeaseOneAsync(), await queue.LeaseOneAsync());
        await queue.FailAsync(old, retryable: false);
        Task<BulkResult> bulk;
        Task<SettleResult> died;
        await using (var hold = await queue.HoldWritersAsync())
        {
            died = queue.SettleAsync(young, Some.Failure(retryable: false));
            // Before the bulk command's turn comes, the one it means is requeued and dies once more.
            var requeued = queue.Store.RequeueAsync(old.Job.Id, null, Some.Actor(), Ct);
            var again = queue.LeaseAsync(Some.Wish());
            bulk = queue.Store.DiscardManyAsync(new DeadLetterFilter(), false, Some.Actor(), Ct);
            _ = requeued;
            _ = again;
        }

        Assert.Equal(SettleResult.Settled, await died);
        Assert.Equal(new BulkResult(1, 0), await bulk);
        Assert.Equal(FailReason.PermanentError, (await queue.FindAsync(young.Job.Id)).Reason);
    }

    [Fact]
    public async Task Racing_bulk_and_single_commands_change_each_dead_letter_once()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 1200);
        var dead = await queue.LeaseAsync(Some.Wish(1200));
        await Task.WhenAll(dead.Select(leased => queue.FailAsync(leased, retryable: false)));

        var requeues = Enumerable.Range(0, 4).Select(_ => Task.Run(() => queue.Store.RequeueManyAsync(new(), false, Some.Actor(), Ct), Ct)).ToList();
        var discard = Task.Run(() => queue.Store.DiscardManyAsync(new(), false, Some.Actor(), Ct), Ct);
        var singles = dead.Take(60).Select(leased => Task.Run(() => queue.Store.RequeueAsync(leased.Job.Id, null, Some.Actor(), Ct), Ct)).ToList();
        var requeued = (await Task.WhenAll(requeues)).Sum(result => result.Changed) + (await Task.WhenAll(singles)).Count(result => result == ControlResult.Changed);

        Assert.Equal(1200, requeued + (await discard).Changed);
        Assert.Equal(requeued, (await queue.LeaseAsync(Some.Wish(1200))).Select(leased => leased.Job.Id).Distinct().Count());
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Bulk_command_works_when_the_clock_went_back()
    {
        await using var queue = await StartAsync();
        await queue.SubmitDeadAsync(Some.Submission(await queue.TenantAsync("acme")));
        queue.Time.SetHands(-TimeSpan.FromHours(3));
        Assert.Equal(new BulkResult(1, 1), await queue.Store.RequeueManyAsync(new DeadLetterFilter(), false, Some.Actor(), Ct));
    }

    [Fact]
    public async Task Requeued_job_costs_the_backlog_nothing_but_counts_in_it()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, null, 1));
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme));
        await queue.SubmitAsync(acme);
        Assert.Equal(ControlResult.Changed, await queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
        Assert.Equal(2, (await queue.UsageAsync(acme)).Pending);
    }
}
