using System.Collections.Immutable;
using System.Text.Json;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>Ends that are answered with the job, or many at once.</summary>
public abstract class SettlingContract(StoreProvider provider) : StoreContract(provider)
{
    public static TheoryData<string> Ends => ["done", "retry", "dead", "released"];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Job_is_answered_at_its_end_as_it_is_read_afterwards(string end)
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(Some.Submission(await queue.TenantAsync("acme"), """{"n":1.50}""") with { Tags = ["vip"] });
        var leased = await queue.LeaseOneAsync();
        queue.Time.Advance(Second);

        var answered = await queue.Store.SettleAndReadAsync(leased.Token, null, Outcome(end), Ct);

        Assert.NotNull(answered);
        Assert.Equal(Shown(await queue.FindAsync(leased.Job.Id)), Shown(answered));
        Assert.Null(await queue.Store.SettleAndReadAsync(leased.Token, null, Outcome(end), Ct));
    }

    [Fact]
    public async Task Many_ends_are_one_write_and_a_lost_lease_spoils_no_other()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 6);
        var leased = await queue.LeaseAsync(Some.Wish(6));
        await queue.FinishAsync(leased[2]);

        var settled = (await queue.Store.SettleManyAsync(
            [
                new AttemptEnd(leased[0].Token, Outcome("done")),
                new AttemptEnd(leased[1].Token, Outcome("retry")),
                new AttemptEnd(leased[2].Token, Outcome("done")),
                new AttemptEnd(leased[3].Token, Outcome("dead")),
                new AttemptEnd(leased[4].Token, Outcome("released")),
                new AttemptEnd(leased[5].Token, null),
            ],
            null,
            null,
            Ct)).Attempts;

        Assert.Equal<JobStatus?>(
            [JobStatus.Done, JobStatus.Pending, null, JobStatus.Failed, JobStatus.Pending, JobStatus.Running],
            settled.Select(attempt => attempt?.Status));
        Assert.All(settled.OfType<SettledAttempt>(), attempt => Assert.Equal(new HeldJobInfo("remote", acme, "default", "echo"), attempt.Held));
        foreach (var (attempt, lease) in settled.Zip(leased))
            Assert.Equal(attempt?.Status ?? JobStatus.Done, (await queue.FindAsync(lease.Job.Id)).Status);
        Assert.Equal(SettleResult.Settled, await queue.SettleAsync(leased[5], Some.Done));
    }

    [Fact]
    public async Task Many_ends_leave_leases_of_other_tenants_alone()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();

        var settled = await queue.Store.SettleManyAsync([new AttemptEnd(leased.Token, Some.Done)], await queue.TenantAsync("globex"), null, Ct);

        Assert.Equal([null], settled.Attempts);

        Assert.Equal(JobStatus.Running, (await queue.FindAsync(leased.Job.Id)).Status);
    }

    [Fact]
    public async Task Place_that_an_end_frees_is_taken_in_the_same_write_however_many_others_wait()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(1, null, null));
        await queue.SubmitAsync(acme, 2);
        var leased = await queue.LeaseOneAsync();
        var many = Enumerable.Range(0, 1000).Select(_ => Some.Submission(acme) with { Type = "other" }).ToList();
        Task<SettledEnds> settled;
        await using (await queue.HoldWritersAsync())
        {
            _ = queue.Store.SubmitManyAsync(many, Ct);
            _ = queue.Store.SubmitManyAsync(many, Ct);
            settled = queue.Store.SettleManyAsync(
                [new AttemptEnd(leased.Token, Some.Done)], null, Some.Wish() with { Types = ImmutableHashSet.Create("echo") }, Ct);
        }

        var (attempts, leasing) = await settled;

        Assert.Equal(JobStatus.Done, Assert.Single(attempts)?.Status);
        Assert.Single(await leasing);
    }

    [Fact]
    public async Task What_an_attempt_said_last_is_kept_with_its_end_in_one_write()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        var commits = 0;
        queue.Services.GetRequiredService<StoreObserver>().OnCommitted((_, _) => commits++);

        await queue.SettleAsync(leased, Some.Done with { Report = new AttemptReport(new JobProgress(100, "there"), ["one", "two"]) });

        Assert.Equal(1, commits);
        var kept = await queue.Jobs.LogsAsync(null, leased.Job.Id, 0, 10, Ct);
        Assert.Equal(["one", "two"], kept!.Items.Select(line => line.Message));
        Assert.Equal(JobStatus.Done, (await queue.FindAsync(leased.Job.Id)).Status);
    }

    [Fact]
    public async Task Overloaded_store_takes_the_ends_and_gives_no_jobs()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 2);
        var leased = await queue.LeaseOneAsync();
        var batch = Enumerable.Range(0, 1000).Select(_ => Some.Submission(acme)).ToList();
        Task<SettledEnds> settled;
        await using (await queue.HoldWritersAsync())
        {
            for (var i = 0; i < 10; i++)
                _ = queue.Store.SubmitManyAsync(batch, Ct);
            Assert.False(queue.Store.TakesSubmissions());
            settled = queue.Store.SettleManyAsync(
                [new AttemptEnd(leased.Token, Some.Done)], null, Some.Wish() with { Wait = Timeout.InfiniteTimeSpan }, Ct);
        }

        var (attempts, leasing) = await settled;

        Assert.Equal(JobStatus.Done, Assert.Single(attempts)?.Status);
        Assert.Empty(await leasing);
    }

    [Fact]
    public async Task Ends_that_fail_take_their_wish_with_them()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 2);
        var leased = await queue.LeaseOneAsync();
        await queue.StopAsync();

        await Assert.ThrowsAsync<StoreStoppedException>(
            () => queue.Store.SettleManyAsync([new AttemptEnd(leased.Token, Some.Done)], null, Some.Wish() with { Wait = Timeout.InfiniteTimeSpan }, Ct));
    }

    private static JobOutcome Outcome(string end) => end switch
    {
        "done" => Some.Done,
        "retry" => Some.Failure(),
        "dead" => Some.Failure(retryable: false),
        _ => new JobOutcome.Released(),
    };

    /// <summary>Everything that people and programs are shown; bytes are compared by what they hold.</summary>
    private static string Shown(Job job) => JsonSerializer.Serialize(job);
}
