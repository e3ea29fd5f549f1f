using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>How long a lease lasts, and what its holder says meanwhile.</summary>
public abstract class HeartbeatsContract(StoreProvider provider) : StoreContract(provider)
{
    private static LeaseRequest FiveSeconds => Some.Wish() with { Duration = 5 * Second };

    [Fact]
    public async Task Heartbeat_extends_the_lease_by_its_period()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        for (var i = 0; i < 5; i++)
        {
            await queue.LiveAsync(TimeSpan.FromSeconds(20));
            var beat = await queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct);
            Assert.Equal((queue.Time.GetUtcNow() + TimeSpan.FromSeconds(30), false), (beat!.LeaseExpiresAt, beat.CancelRequested));
            Assert.Equal(new HeldJobInfo("remote", job.TenantId, "default", "echo"), beat.Held);
            Assert.Equal(beat.LeaseExpiresAt, (await queue.FindAsync(job.Id)).LeaseExpiresAt);
        }

        await queue.LiveAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(JobStatus.Running, (await queue.FindAsync(job.Id)).Status);
        await queue.LiveAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(JobStatus.Pending, (await queue.FindAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Heartbeat_counts_by_its_arrival_however_long_the_disk_takes()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = Assert.Single(await queue.LeaseAsync(FiveSeconds));
        queue.Time.Advance(4 * Second);
        Task<HeartbeatResult?> beat;
        await using (await queue.HoldWritersAsync())
        {
            beat = queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct);
            queue.Time.Advance(2.5 * Second);
        }

        Assert.NotNull(await beat);
        await queue.Store.ReapAsync(Ct);
        queue.Time.Advance(4.9 * Second);
        await queue.Store.ReapAsync(Ct);
        Assert.Equal((JobStatus.Running, 0), ((await queue.FindAsync(job.Id)).Status, (await queue.FindAsync(job.Id)).Crashes));
    }

    [Fact]
    public async Task Reaper_that_had_to_wait_takes_no_lease_whose_heartbeat_came_in_time()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = Assert.Single(await queue.LeaseAsync(FiveSeconds));
        queue.Time.Advance(3 * Second);
        await queue.Store.ReapAsync(Ct);
        Task<int> reaped;
        Task<HeartbeatResult?> beat;
        await using (await queue.HoldWritersAsync())
        {
            reaped = queue.Store.ReapAsync(Ct);
            queue.Time.Advance(1.5 * Second);
            beat = queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct);
            queue.Time.Advance(2 * Second);
        }

        Assert.Equal(0, await reaped);
        Assert.NotNull(await beat);
        Assert.Equal(JobStatus.Running, (await queue.FindAsync(job.Id)).Status);
    }

    [Fact]
    public async Task Lease_and_its_extension_begin_when_they_are_answered()
    {
        await using var queue = await StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
        Task<IReadOnlyList<LeasedJob>> wish;
        await using (await queue.HoldWritersAsync())
        {
            wish = queue.LeaseAsync(FiveSeconds);
            queue.Time.Advance(2.5 * Second);
        }

        var leased = Assert.Single(await wish);
        await queue.Store.ReapAsync(Ct);
        queue.Time.Advance(4 * Second);
        await queue.Store.ReapAsync(Ct);
        Task<HeartbeatResult?> beat;
        await using (await queue.HoldWritersAsync())
        {
            beat = queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct);
            queue.Time.Advance(2.5 * Second);
        }

        Assert.NotNull(await beat);
        Assert.Equal(0, await queue.Store.ReapAsync(Ct));
        queue.Time.Advance(4.9 * Second);
        Assert.Equal(0, await queue.Store.ReapAsync(Ct));
        queue.Time.Advance(0.1 * Second);
        Assert.Equal(1, await queue.Store.ReapAsync(Ct));
    }

    [Fact]
    public async Task No_heartbeat_extends_a_remote_attempt_beyond_its_timeout()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Submission(acme) with { TimeoutSeconds = 40 });
        var leased = await queue.LeaseOneAsync();
        var started = queue.Time.GetUtcNow();
        await queue.LiveAsync(TimeSpan.FromSeconds(20));
        var beat = await queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct);
        Assert.Equal(started + TimeSpan.FromSeconds(40), beat!.LeaseExpiresAt);

        await queue.LiveAsync(TimeSpan.FromSeconds(20));

        var after = await queue.FindAsync(job.Id);
        Assert.Equal((JobStatus.Pending, WaitingFor.Retry, 1, 0), (after.Status, after.WaitingFor, after.Retries, after.Crashes));
        Assert.Equal(JobErrors.Timeout, after.Error?.Type);
        Assert.Equal([AttemptOutcome.Failed], await queue.OutcomesAsync(job.Id));
    }

    [Fact]
    public async Task Lease_is_never_longer_than_a_remote_attempt_may_take()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(Some.Submission(acme) with { TimeoutSeconds = 10 });
        Assert.Equal(queue.Time.GetUtcNow() + TimeSpan.FromSeconds(10), (await queue.LeaseOneAsync()).ExpiresAt);
    }

    [Fact]
    public async Task What_a_heartbeat_carries_is_readable_when_it_is_answered()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        var at = queue.Time.GetUtcNow();

        await queue.Store.HeartbeatAsync(leased.Token, null, new JobProgress(12.5, "first"), ["one", "two"], Ct);
        Assert.Equal(new JobProgress(12.5, "first"), (await queue.FindAsync(job.Id)).Progress);
        queue.Time.Advance(Second);
        await queue.Store.HeartbeatAsync(leased.Token, null, new JobProgress(null, "second"), ["three"], Ct);
        Assert.Equal(new JobProgress(null, "second"), (await queue.FindAsync(job.Id)).Progress);
        await queue.Store.HeartbeatAsync(leased.Token, null, null, [], Ct);
        Assert.Equal(new JobProgress(null, "second"), (await queue.FindAsync(job.Id)).Progress);

        JobLogLine[] lines = [new(at, 1, "one"), new(at, 1, "two"), new(at + Second, 1, "three")];
        Assert.Equal(lines, (await queue.Jobs.LogsAsync(null, job.Id, 0, 10, Ct))!.Items);
        Assert.Equal(lines[1..2], (await queue.Jobs.LogsAsync(null, job.Id, 1, 1, Ct))!.Items);
    }

    [Fact]
    public async Task Progress_ends_with_the_attempt_and_the_log_goes_on()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        await queue.Store.HeartbeatAsync(leased.Token, null, new JobProgress(90, null), ["first"], Ct);
        await queue.FailAsync(leased);
        Assert.Null((await queue.FindAsync(job.Id)).Progress);
        await queue.LiveAsync(TimeSpan.FromSeconds(10));
        leased = await queue.LeaseOneAsync();
        await queue.Store.HeartbeatAsync(leased.Token, null, null, ["second"], Ct);
        Assert.Equal([(1, "first"), (2, "second")], (await queue.Jobs.LogsAsync(null, job.Id, 0, 10, Ct))!.Items.Select(line => (line.Attempt, line.Message)));
    }

    [Fact]
    public async Task Long_texts_are_cut_and_kept()
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var leased = await queue.LeaseOneAsync();
        await queue.Store.HeartbeatAsync(leased.Token, null, new JobProgress(1, new string('p', 5000)), [new string('l', 50_000), ""], Ct);
        Assert.Equal(1000, (await queue.FindAsync(job.Id)).Progress!.Message!.Length);
        Assert.Equal([8000, 0], (await queue.Jobs.LogsAsync(null, job.Id, 0, 10, Ct))!.Items.Select(line => line.Message.Length));
        await queue.FailAsync(leased, new string('e', 50_000), retryable: false);
        Assert.Equal(8000, (await queue.FindAsync(job.Id)).Error!.Message.Length);
    }
}
