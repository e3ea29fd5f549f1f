using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.DeadLetters;

/// <summary>The kinds of failures and how often each happened.</summary>
public abstract class DeadLetterGroupQueriesContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Flood_of_one_kind_hides_no_other_and_is_counted_whole()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        // The few are older than the flood.
        queue.Time.SetHands(At(0) - queue.Time.GetUtcNow() - TimeSpan.FromMinutes(1));
        await DieAsync(queue, acme, "disk full", "no paper", "no ink");
        await DieAsync(queue, globex, "no ink");
        await queue.AddEndedAsync(acme, 12_000, everyFailed: 1);

        var own = await ListAsync(queue, new DeadLetterFilter { Tenant = acme });
        var all = await ListAsync(queue, new DeadLetterFilter());

        Assert.Equal([("no", 12_000), ("disk full", 1), ("no ink", 1), ("no paper", 1)], own.Select(group => (group.Message, group.Count)).OrderByDescending(group => group.Count).ThenBy(group => group.Message));
        Assert.Equal((At(1), At(12_000)), (own[0].FirstDeadAt, own[0].LastDeadAt));
        Assert.Equal(["acme", "acme", "acme", "acme", "globex"], all.Select(group => group.Tenant).Order());
    }

    [Fact]
    public async Task Kinds_are_counted_down_when_their_jobs_are_requeued_discarded_or_swept()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        for (var i = 0; i < 4; i++)
        {
            await DieAsync(queue, acme, "no paper");
            queue.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var dead = (await queue.DeadLetters.ListAsync(new(), null, 10, Ct)).Items;
        await queue.Store.RequeueAsync(dead[0].JobId, null, Some.Actor(), Ct);
        var left = Assert.Single(await ListAsync(queue, new()));
        Assert.Equal((3, dead[3].DeadAt, dead[1].DeadAt), (left.Count, left.FirstDeadAt, left.LastDeadAt));
        await queue.Store.DiscardAsync(dead[3].JobId, Some.Actor(), Ct);
        left = Assert.Single(await ListAsync(queue, new()));
        Assert.Equal((2, dead[2].DeadAt, dead[1].DeadAt), (left.Count, left.FirstDeadAt, left.LastDeadAt));
        await StoreChecks.CountersMatchRowsAsync(queue);

        // The youngest are kept whatever the cutoffs: limits are counted from them.
        queue.Time.Advance(TimeSpan.FromMinutes(5));
        var later = queue.Time.GetUtcNow() + TimeSpan.FromDays(1);
        while ((await queue.Store.SweepAsync(new RetentionCutoffs(later, later, later), Ct)).More)
        {
        }

        Assert.Empty(await ListAsync(queue, new()));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Walk_shows_every_kind_once_last_dead_first()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        foreach (var tenant in new[] { acme, globex, acme })
        {
            await DieAsync(queue, tenant, [.. Enumerable.Range(0, 20).Select(number => $"failure {(char)('a' + number)}")]);
            queue.Time.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var (filter, kinds) in new[] { (new DeadLetterFilter(), 40), (new DeadLetterFilter { Tenant = acme }, 20), (new DeadLetterFilter { Queue = "default" }, 40), (new DeadLetterFilter { Queue = "none" }, 0) })
        {
            var (seen, cursor) = (new List<DeadLetterGroup>(), (string?)null);
            do
            {
                var page = await Groups(queue).ListAsync(filter, cursor, 7, Ct);
                seen.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(kinds, seen.DistinctBy(group => (group.Tenant, group.Fingerprint)).Count());
            Assert.Equal(seen.OrderByDescending(group => group.LastDeadAt), seen);
            Assert.All(seen, group => Assert.Equal(group.Tenant == "acme" ? 2 : 1, group.Count));
        }
    }

    [Fact]
    public async Task Conditions_that_part_of_a_kind_meets_are_counted_exactly()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.AddEndedAsync(acme, 11_000, everyFailed: 1);
        await DieAsync(queue, acme, "no paper");

        var since = await ListAsync(queue, new DeadLetterFilter { DeadAfter = At(500), DeadBefore = At(11_000) });
        var byText = await ListAsync(queue, new DeadLetterFilter { Text = "PAPER" });

        Assert.Equal((10_500, At(500), At(10_999)), (Assert.Single(since).Count, since[0].FirstDeadAt, since[0].LastDeadAt));
        Assert.Equal("no paper", Assert.Single(byText).Message);
    }

    private static DateTimeOffset At(int row) => DateTimeOffset.FromUnixTimeMilliseconds(ManyRows.Id(row).UnixMilliseconds);

    private static DeadLetterGroupQueries Groups(TestQueue queue) => new(queue.Services.GetRequiredService<IDbContextFactory<JobQueueDb>>());

    private static async Task<IReadOnlyList<DeadLetterGroup>> ListAsync(TestQueue queue, DeadLetterFilter filter)
    {
        var (groups, cursor) = (new List<DeadLetterGroup>(), (string?)null);
        do
        {
            var page = await Groups(queue).ListAsync(filter, cursor, 50, Ct);
            groups.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return groups;
    }

    private static async Task DieAsync(TestQueue queue, TenantId tenant, params string[] messages)
    {
        await queue.SubmitAsync(tenant, messages.Length);
        foreach (var (leased, message) in (await queue.LeaseAsync(Some.Wish(messages.Length))).Zip(messages))
            await queue.FailAsync(leased, message, retryable: false);
    }
}
