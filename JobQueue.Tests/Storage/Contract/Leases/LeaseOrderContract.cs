using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>Which job is next, and whose.</summary>
public abstract class LeaseOrderContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Inside_a_tenant_priority_then_due_time_then_acceptance_decide_across_lanes()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var random = new Random(3);
        var jobs = new List<Job>();
        for (var i = 0; i < 300; i++)
        {
            if (random.Next(3) == 0)
                queue.Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 50)));
            jobs.Add(await queue.SubmitAsync(Some.Submission(acme) with
            {
                Queue = $"q{random.Next(4)}",
                Type = $"t{random.Next(3)}",
                Priority = random.Next(-2, 3),
                Delay = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 500)) : null,
            }));
        }

        await queue.LiveAsync(TimeSpan.FromSeconds(1));
        var leased = new List<JobId>();
        while (await queue.LeaseAsync(Some.Wish(random.Next(1, 12))) is { Count: > 0 } some)
            leased.AddRange(some.Select(each => each.Job.Id));

        Assert.Equal(jobs.OrderByDescending(job => job.Priority).ThenBy(job => job.RunAt).ThenBy(job => job.Id).Select(job => job.Id), leased);
    }

    [Fact]
    public async Task Order_stays_right_when_first_jobs_are_cancelled()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var random = new Random(5);
        var jobs = new List<Job>();
        for (var i = 0; i < 60; i++)
            jobs.Add(await queue.SubmitAsync(Some.Submission(acme) with { Queue = $"q{i % 3}", Priority = random.Next(5) }));
        var expected = jobs.OrderByDescending(job => job.Priority).ThenBy(job => job.Id).ToList();
        while (expected.Count > 0)
        {
            for (var i = random.Next(4); i > 0 && expected.Count > 0; i--)
            {
                Assert.Equal(ControlResult.Changed, await queue.Store.CancelAsync(expected[0].Id, Some.Actor(), Ct));
                expected.RemoveAt(0);
            }

            var leased = await queue.LeaseAsync(Some.Wish(3));
            Assert.Equal(expected.Take(3).Select(job => job.Id), leased.Select(each => each.Job.Id));
            expected.RemoveRange(0, leased.Count);
        }
    }

    [Fact]
    public async Task Job_that_comes_back_keeps_its_place_by_priority_however_it_came()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var urgent = Some.Submission(acme) with { Priority = 50 };
        var returned = new List<JobId>();
        foreach (var comesBack in new Func<LeasedJob, Task>[]
        {
            leased => queue.FailAsync(leased),
            leased => queue.SettleAsync(leased, new JobOutcome.Released()),
            leased => queue.LiveAsync(TimeSpan.FromSeconds(31)),
            async leased =>
            {
                await queue.FailAsync(leased, retryable: false);
                await queue.Store.RequeueAsync(leased.Job.Id, null, Some.Actor(), Ct);
            },
        })
        {
            var job = await queue.SubmitAsync(urgent with { Queue = $"q{returned.Count}" });
            await comesBack(Assert.Single(await queue.LeaseAsync(Some.Wish() with { Queues = new HashSet<string> { job.Queue } })));
            returned.Add(job.Id);
        }

        returned.Add((await queue.SubmitAsync(urgent with { Delay = TimeSpan.FromSeconds(5) })).Id);
        await queue.LiveAsync(TimeSpan.FromMinutes(1));
        await queue.SubmitAsync(acme, 20);
        var first = await queue.SubmitAsync(urgent with { Priority = 60 });

        var leases = (await queue.LeaseAsync(Some.Wish(6))).Select(leased => leased.Job.Id).ToList();

        Assert.Equal(first.Id, leases[0]);
        Assert.Equal(returned.ToHashSet(), leases.Skip(1).ToHashSet());
    }

    [Fact]
    public async Task Free_workers_go_to_the_tenant_with_the_fewest_running_jobs()
    {
        await using var queue = await StartAsync();
        var (big, small) = (await queue.TenantAsync("big"), await queue.TenantAsync("small"));
        await queue.SubmitAsync(big, 50);
        await queue.LeaseAsync(Some.Wish(4));
        await queue.SubmitAsync(small, 3);

        var next = await queue.LeaseAsync(Some.Wish(6));

        Assert.Equal(["small", "small", "small", "big", "big", "big"], next.Select(leased => leased.Job.Tenant));
    }

    [Fact]
    public async Task Among_equals_the_tenant_served_longest_ago_comes_first()
    {
        await using var queue = await StartAsync();
        var tenants = new List<TenantId>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            tenants.Add(await queue.TenantAsync(name));
            await queue.SubmitAsync(tenants[^1], 10);
        }

        var served = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            var leased = await queue.LeaseOneAsync();
            served.Add(leased.Job.Tenant);
            await queue.FinishAsync(leased);
        }

        Assert.Equal(["a", "b", "c", "a", "b", "c", "a", "b", "c"], served);
    }

    [Fact]
    public async Task Crowd_of_one_tenant_delays_another_by_no_more_than_the_running_jobs()
    {
        await using var queue = await StartAsync();
        var (crowd, lone) = (await queue.TenantAsync("crowd"), await queue.TenantAsync("lone"));
        await queue.SubmitAsync(crowd, 5000);
        var running = await queue.LeaseAsync(Some.Wish(4));
        var job = await queue.SubmitAsync(Some.Submission(lone) with { Priority = -100 });
        await queue.FinishAsync(running[0]);
        Assert.Equal(job.Id, (await queue.LeaseOneAsync()).Job.Id);
    }

    [Fact]
    public async Task No_slot_stays_idle_while_a_job_may_run()
    {
        await using var queue = await StartAsync();
        var limited = await queue.TenantAsync("limited", new TenantLimits(1, null, null));
        var other = await queue.TenantAsync("other");
        await queue.SubmitAsync(limited, 100);
        await queue.SubmitAsync(other, 3);
        var leased = await queue.LeaseAsync(Some.Wish(10));
        Assert.Equal(["limited", "other", "other", "other"], leased.Select(each => each.Job.Tenant).Order());
    }

    [Fact]
    public async Task Wish_takes_only_what_its_filters_name()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var wanted = await queue.SubmitAsync(Some.Submission(acme) with { Queue = "q", Type = "t" });
        await queue.SubmitAsync(Some.Submission(acme) with { Queue = "q", Type = "u" });
        await queue.SubmitAsync(Some.Submission(acme) with { Queue = "r", Type = "t" });
        await queue.SubmitAsync(Some.Submission(globex) with { Queue = "q", Type = "t" });

        var leased = await queue.LeaseAsync(Some.Wish(10) with
        {
            Tenant = acme,
            Queues = new HashSet<string> { "q" },
            Types = new HashSet<string> { "t", "v" },
        });

        Assert.Equal(wanted.Id, Assert.Single(leased).Job.Id);
        Assert.Equal(2, (await queue.LeaseAsync(Some.Wish(10) with { Tenant = acme })).Count);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10) with { Types = new HashSet<string>() }));
        Assert.Single(await queue.LeaseAsync(Some.Wish(10)));
    }

    [Fact]
    public async Task Leased_job_carries_what_its_worker_needs()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Submission(acme, """{"a":1}"""));
        queue.Time.Advance(Second);

        var leased = await queue.LeaseOneAsync();

        var now = queue.Time.GetUtcNow();
        Assert.Equal((job.Id, now + TimeSpan.FromSeconds(30)), (leased.Token.Job, leased.ExpiresAt));
        Assert.Equal((JobStatus.Running, 1, now, "remote"), (leased.Job.Status, leased.Job.Attempts, leased.Job.StartedAt, leased.Job.Worker));
        Assert.Equal(job.Payload.ToArray(), leased.Job.Payload.ToArray());
        Assert.Equivalent(await queue.FindAsync(job.Id), leased.Job, strict: true);
        Assert.Equal([null], await queue.OutcomesAsync(job.Id));
        Assert.Equal(job.Id, Assert.Single(await queue.ListAsync(new() { Status = JobStatus.Running })).Id);
    }

    [Fact]
    public async Task Only_allowed_types_are_leased_ahead_of_a_free_slot()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        for (var i = 0; i < 10; i++)
            await queue.SubmitAsync(Some.Submission(acme) with { Type = i % 2 == 0 ? "quick" : "slow" });

        var leased = await queue.LeaseAsync(Some.Wish(2) with { Ahead = 3, AheadTypes = new HashSet<string> { "quick" } });

        Assert.Equal(["quick", "slow", "quick", "quick", "quick"], leased.Select(each => each.Job.Type));
        Assert.Single(await queue.LeaseAsync(Some.Wish(1) with { Ahead = 3 }));
    }
}
