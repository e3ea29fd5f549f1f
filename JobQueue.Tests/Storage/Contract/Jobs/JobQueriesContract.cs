using JobQueue.Jobs.Model;
using JobQueue.Storage.Queries;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>Lists of jobs, page by page.</summary>
public abstract class JobQueriesContract(StoreProvider provider) : StoreContract(provider)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(200)]
    public async Task Walk_shows_every_match_once_newest_first_across_windows(int limit)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        // The numbers of the newest window are 15,001 to 25,000: a match stands on both sides of each window's end.
        await queue.AddEndedAsync(acme, 25_000, everyTagged: 2500);
        var filter = new JobFilter { Tenant = acme, Tag = "rare" };

        var pages = await PagesAsync(queue, filter, limit);

        Assert.Equal(Enumerable.Range(1, 10).Reverse().Select(i => ManyRows.Id(i * 2500)), pages.SelectMany(page => page.Items).Select(job => job.Id));
        Assert.All(pages, page => Assert.InRange(page.Items.Count, 0, limit));
        Assert.Equal(limit == 200 ? 3 : 10 / limit, pages.Count(page => page.Items.Count > 0));
        Assert.Equal(4, await queue.Jobs.CountAsync(filter, null, Ct));
        Assert.Empty((await PagesAsync(queue, filter with { Tag = "none" }, limit)).SelectMany(page => page.Items));
    }

    [Fact]
    public async Task Window_that_ends_with_the_last_row_ends_the_list()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.AddEndedAsync(acme, JobQueries.ScanLimit, everyTagged: JobQueries.ScanLimit);
        var pages = await PagesAsync(queue, new JobFilter { Tag = "rare" }, 1);
        Assert.Equal(ManyRows.Id(JobQueries.ScanLimit), Assert.Single(pages.SelectMany(page => page.Items)).Id);
        Assert.InRange(pages.Count, 1, 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rare_statuses_are_found_on_the_first_page_among_many_others(bool ofOneTenant)
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var early = await queue.SubmitAsync(acme);
        var running = await queue.LeaseOneAsync();
        var pending = await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromDays(1) });
        await queue.SubmitAsync(globex);
        await queue.AddEndedAsync(acme, 15_000, everyFailed: 7500);
        var all = new JobFilter { Tenant = ofOneTenant ? acme : null };
        async Task<IReadOnlyList<JobId>> First(JobFilter filter) =>
            [.. (await queue.Jobs.ListAsync(filter, null, 50, false, Ct)).Items.Where(job => job.TenantId == acme).Select(job => job.Id)];

        Assert.Equal([ManyRows.Id(15_000), ManyRows.Id(7500)], await First(all with { Status = JobStatus.Failed }));
        Assert.Equal([ManyRows.Id(15_000), ManyRows.Id(7500)], await First(all with { Reason = FailReason.PermanentError }));
        Assert.Empty(await First(all with { Reason = FailReason.Poison }));
        Assert.Empty(await First(all with { Reason = FailReason.PermanentError, Status = JobStatus.Running }));
        Assert.Equal([running.Job.Id], await First(all with { Status = JobStatus.Running }));
        Assert.Equal([pending.Id], await First(all with { Status = JobStatus.Pending }));
        Assert.Equal([early.Id], await First(all with { Text = early.Id.ToString() }));
        Assert.Equal([ManyRows.Id(3)], await First(all with { Text = ManyRows.Id(3).ToString() }));
        Assert.Empty(await First(all with { Text = ManyRows.Id(3).ToString(), Status = JobStatus.Failed }));
        Assert.Equal([ManyRows.Id(7500)], await First(all with { Text = ManyRows.Id(7500).ToString(), Status = JobStatus.Failed }));
    }

    [Fact]
    public async Task More_pending_jobs_than_one_call_looks_at_are_all_listed_once()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        await queue.SubmitAsync(acme, 5000);
        await queue.SubmitAsync(globex, 10);
        await queue.SubmitAsync(acme, 6000);
        var running = (await queue.LeaseAsync(Some.Wish(100) with { Tenant = acme })).Select(leased => leased.Job.Id).ToHashSet();

        var pending = await queue.ListAsync(new JobFilter { Tenant = acme, Status = JobStatus.Pending });

        Assert.Equal(10_900, pending.Count);
        Assert.Equal(pending.OrderByDescending(job => job.Id).Select(job => job.Id).Distinct(), pending.Select(job => job.Id));
        Assert.DoesNotContain(pending, job => running.Contains(job.Id));
        Assert.Equal(10_910, (await queue.ListAsync(new JobFilter { Status = JobStatus.Pending })).Count);
        Assert.Equal(10, (await queue.ListAsync(new JobFilter { Tenant = globex, Status = JobStatus.Pending })).Count);
        Assert.Equal(100, (await queue.ListAsync(new JobFilter { Status = JobStatus.Running })).Count);
    }

    [Fact]
    public async Task Text_finds_ids_types_errors_and_keys_as_they_are_written()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        const string Uuid = "0B7C6D9A-0000-4000-8000-00000000abcd";
        var keyed = await queue.SubmitAsync(Some.Keyed(acme, Uuid));
        var typed = await queue.SubmitAsync(Some.Submission(acme) with { Type = "mail_send" });
        var other = await queue.SubmitAsync(Some.Submission(acme) with { Type = "mailXsend", Priority = 1 });
        await queue.FailAsync(await queue.LeaseOneAsync(), "100% of disk", retryable: false);
        async Task Finds(string text, params JobId[] ids) =>
            Assert.Equal(ids.OrderDescending(), (await queue.ListAsync(new JobFilter { Text = text })).Select(job => job.Id));

        await Finds(Uuid.ToLowerInvariant(), keyed.Id);
        await Finds("MAIL_", typed.Id);
        await Finds("mail", typed.Id, other.Id);
        await Finds("100%", other.Id);
        await Finds("%", other.Id);
        await Finds("testerr", other.Id);
        await Finds(typed.Id.ToString(), typed.Id);
        await Finds(typed.Id.ToString().ToUpperInvariant(), typed.Id);
        await Finds(typed.Id.ToString()[..35], typed.Id);
        await Finds(keyed.Id.ToString()[..9], keyed.Id, typed.Id, other.Id);
        await Finds("\\");
        await Finds("'; DROP TABLE jobs; --");
    }

    [Fact]
    public async Task Filters_hold_together()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var began = queue.Time.GetUtcNow();
        var one = await queue.SubmitAsync(Some.Submission(acme) with { Queue = "a", Type = "t", Tags = ["red"] });
        queue.Time.Advance(TimeSpan.FromSeconds(1));
        var two = await queue.SubmitAsync(Some.Submission(acme) with { Queue = "b", Type = "t", Tags = ["redder", "red wine"] });
        queue.Time.Advance(TimeSpan.FromSeconds(1));
        var three = await queue.SubmitAsync(Some.Submission(globex) with { Queue = "a", Type = "u" });
        async Task Shows(JobFilter filter, params Job[] jobs) =>
            Assert.Equal(jobs.Select(job => job.Id).OrderDescending(), (await queue.ListAsync(filter)).Select(job => job.Id));

        var all = new JobFilter();
        await Shows(all, one, two, three);
        await Shows(all with { Tenant = globex }, three);
        await Shows(all with { Queue = "a" }, one, three);
        await Shows(all with { Queue = "a", Type = "t" }, one);
        await Shows(all with { Tag = "red" }, one);
        await Shows(all with { Tag = "wine" });
        await Shows(all with { Tag = "red wine" }, two);
        await Shows(all with { CreatedAfter = began + TimeSpan.FromSeconds(1) }, two, three);
        await Shows(all with { CreatedBefore = began + TimeSpan.FromSeconds(1) }, one);
        await Shows(all with { CreatedAfter = began, CreatedBefore = began });
        await Shows(all with { CreatedAfter = DateTimeOffset.MinValue, CreatedBefore = DateTimeOffset.MaxValue, Status = JobStatus.Pending, Queue = "b" }, two);
    }

    [Fact]
    public async Task Walk_beside_a_busy_writer_shows_what_was_there_exactly_once()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.AddEndedAsync(acme, 12_000, everyTagged: 40);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(
            async () =>
            {
                while (!enough.IsCancellationRequested)
                    await queue.SubmitAsync(acme, 20);
            },
            Ct);

        for (var round = 0; round < 3; round++)
        {
            var seen = (await PagesAsync(queue, new JobFilter { Tenant = acme, Tag = "rare" }, 50)).SelectMany(page => page.Items).Select(job => job.Id);
            Assert.Equal(Enumerable.Range(1, 300).Reverse().Select(i => ManyRows.Id(i * 40)), seen);
        }

        await enough.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Page_before_a_cursor_is_the_one_after_it_backwards()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 25);
        var all = (await queue.ListAsync(new JobFilter())).Select(job => job.Id).ToList();
        var page = await queue.Jobs.NewerAsync(new JobFilter(), Cursor.Encode(all[20]), 8, Ct);
        Assert.Equal(all[12..20], page.Items.Select(job => job.Id));
        page = await queue.Jobs.NewerAsync(new JobFilter(), page.NextCursor!, 12, Ct);
        Assert.Equal(all[..12], page.Items.Select(job => job.Id));
        Assert.Null(page.NextCursor);
        Assert.Equal(20, await queue.Jobs.CountAsync(new JobFilter(), Cursor.Encode(all[20]), Ct));
    }

    [Fact]
    public async Task Foreign_cursor_is_refused()
    {
        await using var queue = await StartAsync();
        foreach (var cursor in new[] { "", "x", "!!!!!!!!!!!!!!!!!!!!!!", Cursor.Encode(DateTimeOffset.UnixEpoch, default) })
            await Assert.ThrowsAsync<InvalidCursorException>(() => queue.Jobs.ListAsync(new(), cursor, 10, false, Ct));
        await Assert.ThrowsAsync<InvalidCursorException>(() => queue.DeadLetters.ListAsync(new(), Cursor.Encode(default), 10, Ct));
    }

    private static async Task<List<Page<Job>>> PagesAsync(TestQueue queue, JobFilter filter, int limit)
    {
        var (pages, cursor) = (new List<Page<Job>>(), (string?)null);
        do
        {
            pages.Add(await queue.Jobs.ListAsync(filter, cursor, limit, withPayloads: false, Ct));
            cursor = pages[^1].NextCursor;
        }
        while (cursor is not null);
        return pages;
    }
}
