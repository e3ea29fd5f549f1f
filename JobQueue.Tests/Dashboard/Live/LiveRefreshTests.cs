using JobQueue.Dashboard.Live;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Dashboard.Live;

public sealed class LiveRefreshTests : IDisposable
{
    private static readonly TenantId Acme = new(1);
    private static readonly TenantId Globex = new(2);

    private readonly FakeTimeProvider _time = new();
    private readonly SoleStream _events;
    private readonly LiveRefresh _live;
    private int _next;

    public LiveRefreshTests()
    {
        var feed = new JobFeed(NullLogger<JobFeed>.Instance);
        _events = new SoleStream(feed);
        _live = new LiveRefresh(feed, _time, NullLogger<LiveRefresh>.Instance);
        _time.Advance(TimeSpan.FromMinutes(1));
    }

    public void Dispose() => _live.Dispose();

    [Fact]
    public async Task Two_hundred_changes_in_a_second_are_a_few_notices()
    {
        List<LiveChanges> notices = [];
        using var page = Subscribe(Acme, notices);

        for (var i = 0; i < 200; i++)
        {
            _events.Tell([Event(Acme)]);
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        _time.Advance(LiveRefresh.Interval);
        await page.Told;
        Assert.Equal(200, Jobs(notices));
        Assert.InRange(notices.Count, 1, 6);
    }

    [Fact]
    public async Task First_change_is_told_at_once_and_silence_is_silent()
    {
        List<LiveChanges> notices = [];
        using var page = Subscribe(Acme, notices);

        _events.Tell([Event(Acme)]);
        _time.Advance(TimeSpan.Zero);
        await page.Told;
        Assert.Single(notices);
        _time.Advance(TimeSpan.FromMinutes(10));
        await page.Told;

        Assert.Single(notices);
    }

    [Fact]
    public async Task Page_hears_of_its_own_tenant_alone_and_an_administrator_of_all()
    {
        List<LiveChanges> acme = [];
        List<LiveChanges> globex = [];
        List<LiveChanges> all = [];
        using var one = Subscribe(Acme, acme);
        using var two = Subscribe(Globex, globex);
        using var three = Subscribe(null, all);

        _events.Tell([Event(Acme), Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);

        await Task.WhenAll(one.Told, two.Told, three.Told);
        Assert.Equal((2, 0, 2), (Jobs(acme), Jobs(globex), Jobs(all)));
        Assert.Empty(globex);
    }

    [Fact]
    public async Task Slow_page_gets_what_it_missed_in_one()
    {
        var first = new TaskCompletionSource();
        List<LiveChanges> notices = [];
        using var page = _live.Subscribe(Acme, async changes =>
        {
            lock (notices)
                notices.Add(changes);
            await first.Task;
        });

        _events.Tell([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await Eventually.True(() => notices.Count == 1, "the first was told");
        for (var i = 0; i < 5; i++)
        {
            _events.Tell([Event(Acme)]);
            _time.Advance(LiveRefresh.Interval);
        }

        first.SetResult();
        await page.Told;
        Assert.Equal(6, Jobs(notices));
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public async Task Page_that_fails_is_told_again_and_a_closed_one_is_not()
    {
        var calls = 0;
        var page = _live.Subscribe(Acme, _ =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("The page has a defect.");
        });
        for (var round = 1; round <= 2; round++)
        {
            _events.Tell([Event(Acme)]);
            _time.Advance(LiveRefresh.Interval);
            await page.Told;
            Assert.Equal(round, calls);
        }

        page.Dispose();
        _events.Tell([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await page.Told;

        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Page_that_is_closed_in_the_middle_of_a_notice_is_not_told_what_waited()
    {
        var (begun, release, calls) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        var page = _live.Subscribe(Acme, async _ =>
        {
            Interlocked.Increment(ref calls);
            begun.TrySetResult();
            await release.Task;
        });
        _events.Tell([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await begun.Task;
        _events.Tell([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);

        page.Dispose();
        release.SetResult();
        await page.Told;

        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task More_changes_than_a_page_can_show_are_told_as_anything_may_have_changed()
    {
        List<LiveChanges> notices = [];
        using var page = Subscribe(Acme, notices);

        _events.Tell([.. Enumerable.Range(0, LiveChanges.MaxJobs).Select(_ => Event(Acme))]);
        _time.Advance(LiveRefresh.Interval);
        await page.Told;
        _events.Tell([.. Enumerable.Range(0, LiveChanges.MaxJobs + 1).Select(_ => Event(Acme))]);
        _time.Advance(LiveRefresh.Interval);
        await page.Told;

        Assert.Equal([(LiveChanges.MaxJobs, false), (0, true)], notices.Select(notice => (notice.Jobs.Count, notice.Overflown)));
        Assert.True(notices[1].Touches(default));
    }

    [Fact]
    public async Task What_waits_for_a_slow_page_is_bounded_however_long_it_takes()
    {
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        List<LiveChanges> notices = [];
        using var page = _live.Subscribe(null, async changes =>
        {
            notices.Add(changes);
            begun.TrySetResult();
            await release.Task;
        });
        _events.Tell([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await begun.Task;

        for (var round = 0; round < 3; round++)
        {
            _events.Tell([.. Enumerable.Range(0, LiveChanges.MaxJobs).Select(number => Event(new TenantId(number)))]);
            _time.Advance(LiveRefresh.Interval);
        }

        release.SetResult();
        await page.Told;
        Assert.Equal([(1, false), (0, true)], notices.Select(notice => (notice.Jobs.Count, notice.Overflown)));
    }

    [Fact]
    public void A_notice_costs_the_same_with_a_thousand_tenants_as_with_ten()
    {
        using var administrator = _live.Subscribe(null, _ => Task.CompletedTask);
        // The least of some: a first call also compiles, and what another thread happens to tell is not counted here.
        var (ten, thousand) = (Least(tenants: 10), Least(tenants: 1_000));

        Assert.InRange((double)thousand / ten, 0.5, 1.5);
    }

    [Fact]
    public void Nothing_is_noted_of_tenants_that_nobody_looks_at()
    {
        using var elsewhere = _live.Subscribe(new TenantId(5_000), _ => Task.CompletedTask);

        Assert.InRange(Least(tenants: 1_000), 0, 10_000);
    }

    private long Least(int tenants) => Enumerable.Range(0, 10).Min(_ => AllocatedBy(tenants));

    /// <summary>Bytes taken to note 2,000 events of so many tenants, and to tell of them.</summary>
    private long AllocatedBy(int tenants)
    {
        JobEvent[] batch = [.. Enumerable.Range(0, LiveChanges.MaxJobs).Select(number => Event(new TenantId(number % tenants)))];
        var before = GC.GetAllocatedBytesForCurrentThread();
        _events.Tell(batch);
        _time.Advance(LiveRefresh.Interval);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static int Jobs(List<LiveChanges> notices)
    {
        lock (notices)
            return notices.Sum(notice => notice.Jobs.Count);
    }

    private LiveSubscription Subscribe(TenantId? scope, List<LiveChanges> notices) => _live.Subscribe(scope, changes =>
    {
        lock (notices)
            notices.Add(changes);
        return Task.CompletedTask;
    });

    private JobEvent Event(TenantId tenant) => new()
    {
        Kind = JobEventKind.Started,
        JobId = JobId.Create(1, 0, (ulong)++_next),
        TenantId = tenant,
        Tenant = "acme",
        Queue = "default",
        Type = "echo",
        Status = JobStatus.Running,
        At = _time.GetUtcNow(),
    };
}
