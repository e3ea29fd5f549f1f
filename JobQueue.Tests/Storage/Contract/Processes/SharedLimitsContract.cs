using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Processes;

/// <summary>The limits of a tenant, over all processes.</summary>
public abstract class SharedLimitsContract(StoreProvider provider) : StoreContract(provider)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Racing_submissions_never_pass_the_quota(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme", new TenantLimits(null, 10, null));
        for (var round = 0; round < 3; round++)
        {
            var results = await servers.RaceAsync(80, (server, _) => server.Store.SubmitAsync(Some.Submission(acme), Ct));
            Assert.Equal(10, results.OfType<SubmitResult.Accepted>().Count());
            Assert.All(results.OfType<SubmitResult.OverLimit>(), refused => Assert.Equal(RefusalReason.Rate, refused.Reason));
            servers.Time.Advance(TimeSpan.FromSeconds(60.1));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Racing_submissions_never_pass_the_backlog(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme", new TenantLimits(null, null, 25));

        var results = await servers.RaceAsync(60, (server, i) => i % 3 == 0
            ? SubmitTwoAsync(server)
            : OneAsync(server));

        Assert.Equal(25, results.Sum());
        Assert.Equal(25, (await servers[1].Board.UsageOfAsync(acme, Ct)).Pending);

        async Task<int> OneAsync(TestQueue server) => await server.Store.SubmitAsync(Some.Submission(acme), Ct) is SubmitResult.Accepted ? 1 : 0;
        async Task<int> SubmitTwoAsync(TestQueue server) =>
            await server.Store.SubmitManyAsync([Some.Submission(acme), Some.Submission(acme)], Ct) is BatchSubmitResult.Accepted ? 2 : 0;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Concurrency_is_never_exceeded_whoever_asks(int processes)
    {
        await using var servers = await StartServersAsync(processes);
        var acme = await servers[0].TenantAsync("acme", new TenantLimits(5, null, null));
        await servers[0].SubmitAsync(acme, 200);
        var (held, most, finished) = (0, 0, 0);
        await servers.RaceAsync(2 * processes, async (server, i) =>
        {
            var worker = i % 2 == 0 ? new WorkerIdentity($"w{i}") : servers.Worker(i % processes);
            while (Volatile.Read(ref finished) < 200)
            {
                foreach (var leased in await server.LeaseAsync(Some.Wish(3, worker) with { Ahead = 2, AheadTypes = new HashSet<string> { "echo" } }))
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref held));
                    await Task.Yield();
                    Interlocked.Decrement(ref held);
                    await server.FinishAsync(leased);
                    Interlocked.Increment(ref finished);
                }
            }

            return 0;
        });

        Assert.InRange(most, 1, 5);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);

        static void InterlockedMax(ref int target, int value)
        {
            for (var seen = Volatile.Read(ref target); seen < value;)
                seen = Interlocked.CompareExchange(ref target, value, seen) is var found && found == seen ? value : found;
        }
    }

    [Fact]
    public async Task Limit_of_five_and_quota_of_ten_a_minute_hold_for_two_minutes_of_hammering_by_four_processes()
    {
        await using var servers = await StartServersAsync(4);
        var acme = await servers[0].TenantAsync("acme", new TenantLimits(5, 10, null));
        var random = new Random(17);
        var (accepted, held) = (new List<DateTimeOffset>(), new List<LeasedJob>());
        for (var end = servers.Time.GetUtcNow() + (2 * Minute); servers.Time.GetUtcNow() < end;)
        {
            var submitted = await servers.RaceAsync(12, (server, i) => server.Store.SubmitManyAsync(
                [.. Enumerable.Range(0, 1 + (i / 8)).Select(_ => Some.Submission(acme))], Ct));
            accepted.AddRange(submitted.OfType<BatchSubmitResult.Accepted>().SelectMany(batch => batch.Items).Select(_ => servers.Time.GetUtcNow()));

            var leased = await servers.RaceAsync(12, (server, _) => server.LeaseAsync(Some.Wish(3) with { Duration = TimeSpan.FromHours(1) }));
            held.AddRange(leased.SelectMany(jobs => jobs));
            Assert.InRange(held.Count, 0, 5);

            for (var ends = random.Next(held.Count + 1); ends > 0; ends--)
            {
                await servers[random.Next(4)].FinishAsync(held[0]);
                held.RemoveAt(0);
            }

            servers.Time.Advance(TimeSpan.FromMilliseconds(random.Next(100, 2_000)));
        }

        for (var i = 0; i < accepted.Count; i++)
            Assert.True(accepted.Skip(i).TakeWhile(at => at - accepted[i] <= Minute).Count() <= 10, $"window at {accepted[i]:O}");
        // And it is work-conserving: the quota was used.
        Assert.InRange(accepted.Count, 20, 30);
        await StoreChecks.CountersMatchRowsAsync(servers[0]);
    }

    [Fact]
    public async Task Tenant_with_the_fewest_running_jobs_in_all_processes_is_next()
    {
        await using var servers = await StartServersAsync(2);
        var (big, small) = (await servers[0].TenantAsync("big"), await servers[0].TenantAsync("small"));
        await servers[0].SubmitAsync(big, 50);
        Assert.Equal(4, (await servers[0].LeaseAsync(Some.Wish(4))).Count);
        // The other process knows that there is something to do for both.
        await servers[1].SubmitAsync(big);
        await servers[1].SubmitAsync(small, 3);

        var next = await servers[1].LeaseAsync(Some.Wish(6));

        Assert.Equal(["small", "small", "small", "big", "big", "big"], next.Select(leased => leased.Job.Tenant));
    }
}
