using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>What a text finds.</summary>
public abstract class SearchContract(StoreProvider provider) : StoreContract(provider)
{
    [Theory]
    [InlineData("Ошибка: Не найден КЛИЕНТ", "клиент")]
    [InlineData("ärzte", "ÄRZTE")]
    [InlineData("İSTANBUL", "istanbul")]
    [InlineData("ıstanbul", "ISTANBUL")]
    [InlineData("straße", "STRASSE")]
    [InlineData("ΟΔΥΣΣΕΥΣ", "οδυσσευς")]
    [InlineData("no PAPER", "no paper")]
    public async Task Letters_are_found_whatever_their_case_and_spelling(string message, string text)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitDeadAsync(Some.Submission(acme), "something else");
        var job = await queue.SubmitDeadAsync(Some.Submission(acme), message);

        Assert.Equal([job.Id], await FindAsync(queue, text));
        Assert.Equal([job.Id], (await queue.DeadLetters.ListAsync(new() { Text = text }, null, 10, Ct)).Items.Select(entry => entry.JobId));
        Assert.Equal(new BulkResult(1, 0), await queue.Store.RequeueManyAsync(new() { Text = text }, dryRun: true, Some.Actor(), Ct));
    }

    [Fact]
    public async Task Signs_of_a_pattern_mean_themselves()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitDeadAsync(Some.Submission(acme), "100 percent");
        var job = await queue.SubmitDeadAsync(Some.Submission(acme), "100% of_it");

        Assert.Equal([job.Id], await FindAsync(queue, "0% of_"));
        Assert.Empty(await FindAsync(queue, "1_0"));
    }

    [Fact]
    public async Task Job_is_found_by_its_id_in_every_spelling_and_by_the_part_that_pages_print()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 50);
        var job = await queue.SubmitDeadAsync(Some.Submission(acme) with { Type = "own", Priority = 9 });
        var id = job.Id.ToString();

        foreach (var text in (string[])[id, id.ToUpperInvariant(), id.Replace("-", "", StringComparison.Ordinal), id[^6..], $"{id[..8]}…{id[^6..]}", $" {id[..8]}...{id[^6..]}", id[9..28]])
        {
            Assert.Equal([job.Id], await FindAsync(queue, text));
            Assert.Equal([job.Id], (await queue.DeadLetters.ListAsync(new() { Text = text }, null, 10, Ct)).Items.Select(entry => entry.JobId));
        }
    }

    [Fact]
    public async Task Job_is_found_by_its_key_at_once_however_many_are_newer_and_stands_on_one_page_alone()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        queue.Time.SetHands(DateTimeOffset.FromUnixTimeMilliseconds(ManyRows.Id(0).UnixMilliseconds) - queue.Time.GetUtcNow() - TimeSpan.FromHours(1));
        var job = await queue.SubmitAsync(Some.Keyed(acme, "needle"));
        var foreign = await queue.SubmitAsync(Some.Keyed(globex, "needle"));
        await queue.AddEndedAsync(acme, 25_000);
        queue.Time.SetHands(TimeSpan.FromDays(3_000));
        await queue.SubmitDeadAsync(Some.Submission(acme) with { Type = "x", Priority = 9 }, "a needle in a haystack");
        await queue.SubmitDeadAsync(Some.Submission(acme) with { Type = "x", Priority = 9 }, "another needle");

        Assert.Contains(job.Id, await FindAsync(queue, "needle", acme));
        Assert.DoesNotContain(foreign.Id, await FindAsync(queue, "needle", acme));
        Assert.Superset(new HashSet<JobId> { job.Id, foreign.Id }, (await FindAsync(queue, "needle")).ToHashSet());
        foreach (var limit in (int[])[1, 2, 3, 50])
        {
            var (seen, cursor) = (new List<JobId>(), (string?)null);
            do
            {
                var page = await queue.Jobs.ListAsync(new() { Tenant = acme, Text = "needle" }, cursor, limit, withPayloads: true, Ct);
                Assert.Equal(page.Items.OrderByDescending(each => each.Id), page.Items);
                seen.AddRange(page.Items.Select(each => each.Id));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(3, seen.Count);
            Assert.Equal(3, seen.Distinct().Count());
        }
    }

    [Fact]
    public async Task Dead_letter_is_found_by_its_jobs_key_at_once_however_many_died_later_and_stands_on_one_page_alone()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        queue.Time.SetHands(DateTimeOffset.FromUnixTimeMilliseconds(ManyRows.Id(0).UnixMilliseconds) - queue.Time.GetUtcNow() - TimeSpan.FromHours(1));
        var job = await queue.SubmitDeadAsync(Some.Keyed(acme, "needle"));
        var foreign = await queue.SubmitDeadAsync(Some.Keyed(globex, "needle"));
        await queue.AddEndedAsync(acme, 25_000, everyFailed: 1);
        queue.Time.SetHands(TimeSpan.FromDays(3_000));
        await queue.SubmitDeadAsync(Some.Submission(acme) with { Type = "x", Priority = 9 }, "a needle in a haystack");
        await queue.SubmitDeadAsync(Some.Submission(acme) with { Type = "x", Priority = 9 }, "another needle");

        Assert.Contains(job.Id, await FindDeadAsync(queue, "needle", acme));
        Assert.DoesNotContain(foreign.Id, await FindDeadAsync(queue, "needle", acme));
        Assert.Superset(new HashSet<JobId> { job.Id, foreign.Id }, (await FindDeadAsync(queue, "needle")).ToHashSet());
        foreach (var limit in (int[])[1, 2, 3, 50])
        {
            var (seen, cursor) = (new List<JobId>(), (string?)null);
            do
            {
                var page = await queue.DeadLetters.ListAsync(new() { Tenant = acme, Text = "needle" }, cursor, limit, Ct);
                Assert.Equal(page.Items.OrderByDescending(each => each.DeadAt), page.Items);
                seen.AddRange(page.Items.Select(each => each.JobId));
                cursor = page.NextCursor;
            }
            while (cursor is not null);
            Assert.Equal(3, seen.Count);
            Assert.Equal(3, seen.Distinct().Count());
        }
    }

    private static async Task<IReadOnlyList<JobId>> FindDeadAsync(TestQueue queue, string text, TenantId? tenant = null) =>
        [.. (await queue.DeadLetters.ListAsync(new() { Tenant = tenant, Text = text }, null, 10, Ct)).Items.Select(entry => entry.JobId)];

    private static async Task<IReadOnlyList<JobId>> FindAsync(TestQueue queue, string text, TenantId? tenant = null) =>
        [.. (await queue.Jobs.ListAsync(new() { Tenant = tenant, Text = text }, null, 10, withPayloads: false, Ct)).Items.Select(job => job.Id)];
}
