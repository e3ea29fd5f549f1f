using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Queues;

/// <summary>The list of queues.</summary>
public abstract class QueueQueriesContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Pages_hold_every_queue_once_by_tenant_and_name_whatever_the_limit()
    {
        await using var queue = await StartAsync();
        var expected = new List<(string, string)>();
        foreach (var name in (string[])["zeta", "acme", "none"])
        {
            var tenant = await queue.TenantAsync(name);
            if (name == "none")
                continue;
            foreach (var number in Enumerable.Range(0, 7))
            {
                await queue.SubmitAsync(Some.Submission(tenant) with { Queue = $"q{number}", Type = "a" });
                await queue.SubmitAsync(Some.Submission(tenant) with { Queue = $"q{number}", Type = "b" });
                expected.Add((name, $"q{number}"));
            }

            await queue.Store.PauseQueueAsync(tenant, "q2-paused", null, null, Some.Actor(), Ct);
            expected.Add((name, "q2-paused"));
        }

        expected.Sort((one, other) => string.CompareOrdinal(one.Item1 + "/" + one.Item2, other.Item1 + "/" + other.Item2));
        foreach (var limit in (int[])[1, 3, 8, 50])
        {
            var all = await AllAsync(queue, null, limit);
            Assert.Equal(expected, all.Select(each => (each.Tenant, each.Name)));
            Assert.All(all, each => Assert.Equal(each.Pause is null ? 2 : 0, each.Counts.Pending));
        }

        Assert.Throws<InvalidCursorException>(() => NameCursor.Decode("%%"));
    }

    [Fact]
    public async Task Empty_tenants_between_cost_a_page_no_more_than_a_cursor()
    {
        await using var queue = await StartAsync();
        foreach (var number in Enumerable.Range(0, 450))
            await queue.TenantAsync($"t{number:000}");
        var last = await queue.TenantAsync("zeta");
        await queue.SubmitAsync(Some.Submission(last) with { Queue = "only" });

        var first = await queue.Queues.PageAsync(null, null, 50, Ct);
        Assert.Empty(first.Items);
        Assert.NotNull(first.NextCursor);
        Assert.Equal("only", Assert.Single(await AllAsync(queue, null, 50)).Name);
    }

    [Fact]
    public async Task Names_to_choose_from_begin_as_asked_and_are_bounded()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var globex = await queue.TenantAsync("globex");
        foreach (var name in (string[])["mail", "Mail-2", "images", "m_x", "mxx"])
            await queue.SubmitAsync(Some.Submission(acme) with { Queue = name });
        await queue.SubmitAsync(Some.Submission(globex) with { Queue = "mail" });

        Assert.Equal(["Mail-2", "mail"], await queue.Queues.NamesAsync(acme, "mai", 8, Ct));
        Assert.Equal(["m_x"], await queue.Queues.NamesAsync(acme, "m_", 8, Ct));
        Assert.Equal(["Mail-2", "images"], await queue.Queues.NamesAsync(null, "", 2, Ct));
        Assert.Equal(["mail"], await queue.Queues.NamesAsync(globex, "", 8, Ct));
    }

    private static async Task<List<QueueState>> AllAsync(TestQueue queue, TenantId? scope, int limit)
    {
        var (all, cursor) = (new List<QueueState>(), (string?)null);
        do
        {
            var page = await queue.Queues.PageAsync(scope, cursor, limit, Ct);
            Assert.True(page.Items.Count <= limit);
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }
}
