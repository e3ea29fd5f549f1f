using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.DeadLetters;

/// <summary>The dead letter queue, page by page.</summary>
public abstract class DeadLetterQueriesContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Dead_letter_is_found_however_many_are_newer()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        await queue.AddEndedAsync(acme, 12_000, everyFailed: 1);

        Assert.Equal(ManyRows.Id(1), (await queue.DeadLetters.FindAsync(null, ManyRows.Id(1), Ct))?.JobId);
        Assert.Equal(ManyRows.Id(1), (await queue.DeadLetters.FindAsync(acme, ManyRows.Id(1), Ct))?.JobId);
        Assert.Null(await queue.DeadLetters.FindAsync(globex, ManyRows.Id(1), Ct));
        var old = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_003);
        Assert.Equal(
            [ManyRows.Id(2), ManyRows.Id(1)],
            (await queue.DeadLetters.ListAsync(new() { Tenant = acme, DeadBefore = old }, null, 10, Ct)).Items.Select(entry => entry.JobId));
        Assert.Equal(new BulkResult(12_000, 0), await queue.Store.RequeueManyAsync(new() { Tenant = acme }, dryRun: true, Some.Actor(), Ct));
    }

    [Fact]
    public async Task Walk_shows_every_entry_once_last_dead_first()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.AddEndedAsync(acme, 11_000, everyFailed: 1);
        // Deaths of the same moment are told apart by their ids.
        await queue.SubmitAsync(acme, 300);
        foreach (var leased in await queue.LeaseAsync(Some.Wish(300)))
            await queue.FailAsync(leased, retryable: false);

        foreach (var filter in new[] { new DeadLetterFilter(), new DeadLetterFilter { Tenant = acme, Text = "no" } })
        {
            var (seen, cursor) = (new List<DeadLetter>(), (string?)null);
            do
            {
                var page = await queue.DeadLetters.ListAsync(filter, cursor, 170, Ct, withPayloads: false);
                seen.AddRange(page.Items);
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(11_300, seen.Count);
            Assert.Equal(seen.OrderByDescending(entry => entry.DeadAt).ThenByDescending(entry => entry.JobId).Distinct(), seen);
        }
    }
}
