using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>Wishes that wait for a job.</summary>
public abstract class WaitingContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Waiting_wish_is_answered_by_a_later_submission()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var wish = queue.LeaseAsync(PatientWish);
        var job = await queue.SubmitAsync(acme);
        Assert.Equal(job.Id, Assert.Single(await wish.WaitAsync(Soon, Ct)).Job.Id);
    }

    [Fact]
    public async Task Waiting_wish_is_answered_by_whatever_makes_a_job_runnable()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(1, null, null));
        async Task Expect(Func<Task> cause)
        {
            var wish = queue.LeaseAsync(PatientWish);
            await queue.Store.ReapAsync(Ct);
            Assert.False(wish.IsCompleted);
            await cause();
            await queue.FinishAsync(Assert.Single(await wish.WaitAsync(Soon, Ct)));
        }

        await queue.SubmitAsync(Some.Submission(acme) with { Delay = Second });
        await Expect(() => queue.LiveAsync(Second));
        await queue.Store.PauseQueueAsync(acme, "default", null, null, Some.Actor(), Ct);
        await queue.SubmitAsync(acme);
        await Expect(() => queue.Store.ResumeQueueAsync(acme, "default", Some.Actor(), Ct));
        await queue.SubmitAsync(acme, 2);
        var running = await queue.LeaseOneAsync();
        await Expect(() => queue.FinishAsync(running));
        await queue.SubmitAsync(acme, 2);
        await queue.LeaseOneAsync();
        await Expect(() => queue.SetLimitsAsync(acme, new TenantLimits(2, null, null)));
        await Expect(() => queue.LiveAsync(TimeSpan.FromSeconds(30)));
        var dead = await queue.SubmitDeadAsync(Some.Submission(acme));
        await Expect(() => queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
    }

    [Fact]
    public async Task Wish_that_waited_in_vain_is_answered_with_nothing()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var wish = queue.LeaseAsync(Some.Wish() with { Wait = 5 * Second });
        await queue.LiveAsync(TimeSpan.FromSeconds(4.9));
        Assert.False(wish.IsCompleted);
        queue.Time.Advance(Second);
        Assert.Empty(await wish.WaitAsync(Soon, Ct));
        await queue.SubmitAsync(acme);
        Assert.Equal(0, (await queue.UsageAsync(acme)).Running);
    }

    [Fact]
    public async Task Cancelled_wish_takes_no_job()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        using var gone = new CancellationTokenSource();
        var wish = queue.Store.LeaseAsync(PatientWish, gone.Token);
        await queue.Store.ReapAsync(Ct);
        await gone.CancelAsync();
        Assert.Empty(await wish.WaitAsync(Soon, Ct));
        await queue.SubmitAsync(acme);
        Assert.Equal(0, (await queue.UsageAsync(acme)).Running);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.Store.LeaseAsync(PatientWish, gone.Token));
    }

    [Fact]
    public async Task Wish_that_looked_and_got_nothing_ends_when_its_caller_gives_up()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var first = await queue.SubmitAsync(acme);
        await queue.SubmitAsync(acme);
        // The job that the wish looks at first is gone, and then its type may not be leased ahead any more.
        Assert.Equal(ControlResult.Changed, await queue.Store.CancelAsync(first.Id, Some.Actor(), Ct));
        var types = new OneLook("echo");
        var wish = queue.LeaseAsync(Some.Wish(0) with { Ahead = 1, AheadTypes = types });
        Assert.Empty(await wish.WaitAsync(Soon, Ct));
        Assert.True(types.Looks > 0);
    }

    [Fact]
    public async Task Jobs_of_racing_and_cancelled_wishes_are_neither_lost_nor_doubled()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var taken = new System.Collections.Concurrent.ConcurrentBag<JobId>();
        var all = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 60; i++)
            {
                using var gone = new CancellationTokenSource();
                var wish = queue.Store.LeaseAsync(PatientWish with { Slots = random.Next(1, 4) }, gone.Token);
                var submitted = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
                if (random.Next(2) == 0)
                    await gone.CancelAsync();
                await submitted;
                Interlocked.Increment(ref all);
                await gone.CancelAsync();
                foreach (var leased in await wish)
                {
                    taken.Add(leased.Job.Id);
                    await queue.FinishAsync(leased);
                }
            }
        }, Ct)));

        var left = await queue.LeaseAsync(Some.Wish(1000));
        Assert.Equal(all, taken.Concat(left.Select(each => each.Job.Id)).Distinct().Count());
        Assert.Equal(all, taken.Count + left.Count);
        Assert.Equal(left.Count, (await queue.UsageAsync(acme)).Running);
    }

    [Fact]
    public async Task Stopping_answers_wishes_that_wait()
    {
        await using var queue = await StartAsync();
        var wishes = Enumerable.Range(0, 3).Select(_ => queue.LeaseAsync(PatientWish)).ToList();
        await queue.Store.ReapAsync(Ct);
        await queue.StopAsync();
        Assert.All(await Task.WhenAll(wishes).WaitAsync(Soon, Ct), Assert.Empty);
        Assert.Empty(await queue.LeaseAsync(PatientWish).WaitAsync(Soon, Ct));
    }

    [Fact]
    public async Task Stop_while_busy_answers_everyone()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var store = queue.Store;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                var accepted = new List<JobId>();
                try
                {
                    while (true)
                    {
                        accepted.Add(Assert.IsType<SubmitResult.Accepted>(await store.SubmitAsync(Some.Submission(acme), Ct)).Job.Id);
                        if (accepted.Count == 20)
                            started.TrySetResult();
                        await store.LeaseAsync(Some.Wish(), Ct);
                    }
                }
                catch (StoreStoppedException)
                {
                    return accepted;
                }
            },
            Ct)).ToList();
        await started.Task.WaitAsync(Soon, Ct);

        await queue.RestartAsync();

        var accepted = (await Task.WhenAll(callers).WaitAsync(Soon, Ct)).SelectMany(ids => ids).ToList();
        foreach (var chunk in accepted.Chunk(500))
            Assert.Equal(chunk.Length, (await queue.Jobs.FindManyAsync(null, chunk, Ct)).Count);
    }
}
