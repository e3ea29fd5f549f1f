using System.Diagnostics;
using JobQueue.Jobs;
using JobQueue.Storage.Queries;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Storage;

public sealed class SmokeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_lives()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        var accepted = Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        var leased = Assert.Single(await queue.Store.LeaseAsync(Some.Wish(), Ct));
        Assert.Equal(accepted.Job.Id, leased.Job.Id);
        var running = await queue.Jobs.FindAsync(null, leased.Job.Id, Ct);
        Assert.Equal(JobStatus.Running, running!.Status);
        Assert.Single((await queue.Jobs.ListAsync(new JobFilter { Status = JobStatus.Running }, null, 10, true, Ct)).Items);
        Assert.Equal(SettleResult.Settled, await queue.Store.SettleAsync(leased.Token, null, new JobOutcome.Failed(new JobError("no 12", "x")), Ct));
        Assert.Single((await queue.Jobs.ListAsync(new JobFilter { Status = JobStatus.Pending, Text = "NO" }, null, 10, true, Ct)).Items);
        Assert.Empty(await queue.Store.LeaseAsync(Some.Wish(), Ct));
        await queue.LiveAsync(TimeSpan.FromSeconds(10));
        leased = Assert.Single(await queue.Store.LeaseAsync(Some.Wish(), Ct));
        Assert.Equal(SettleResult.Settled, await queue.Store.SettleAsync(leased.Token, null, new JobOutcome.Failed(new JobError("no", "x"), Retryable: false), Ct));
        Assert.Single((await queue.DeadLetters.ListAsync(new DeadLetterFilter { Text = "no", Tenant = acme }, null, 10, Ct)).Items);
        Assert.Equal(new BulkResult(1, 1), await queue.Store.RequeueManyAsync(new DeadLetterFilter(), false, Some.Actor(), Ct));
        leased = Assert.Single(await queue.Store.LeaseAsync(Some.Wish(), Ct));
        Assert.Equal(SettleResult.Settled, await queue.Store.SettleAsync(leased.Token, null, new JobOutcome.Done("1"u8.ToArray()), Ct));
        await queue.RestartAsync();
        Assert.Equal(JobStatus.Done, (await queue.Jobs.FindAsync(null, leased.Job.Id, Ct))!.Status);
        Assert.Equal(3, (await queue.Jobs.AttemptsAsync(null, leased.Job.Id, Ct))!.Count);
        var total = await queue.Stats.TotalAsync(acme, Ct);
        Assert.Equal((0, 0, 1, 0, 0), (total.Pending, total.Running, total.Done, total.Failed, total.DeadLettered));
        Assert.Single(await queue.Stats.MinutesAsync(acme, 1, Ct));
        Assert.Null((await queue.Jobs.ListAsync(new JobFilter { Tag = "a", Queue = "q" }, null, 10, false, Ct)).NextCursor);
    }

    [Fact]
    public async Task Throughput()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        for (var round = 0; round < 4; round++)
        {
            var watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 1000; i++)
                    await queue.Store.SubmitAsync(Some.Submission(acme, """{"a":1,"b":"hello world, this is some payload of a usual size, about 190 bytes long, so that it is like the others measured"}"""), Ct);
            }, Ct)));
            var submit = 64000 / watch.Elapsed.TotalSeconds;
            watch.Restart();
            var done = 0;
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    var jobs = await queue.Store.LeaseAsync(Some.Wish(100, Some.Pool), Ct);
                    if (jobs.Count == 0)
                        return;
                    await Task.WhenAll(jobs.Select(job => queue.Store.SettleAsync(job.Token, null, new JobOutcome.Done(job.Job.Payload), Ct)));
                    Interlocked.Add(ref done, jobs.Count);
                }
            }, Ct)));
            TestContext.Current.TestOutputHelper!.WriteLine($"submit {submit:n0}/s, drain {done / watch.Elapsed.TotalSeconds:n0}/s {done}");
        }
    }
}
