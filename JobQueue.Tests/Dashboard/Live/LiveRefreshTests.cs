using JobQueue.Dashboard.Live;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
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
    private readonly JobFeed _feed = new();
    private readonly LiveRefresh _live;
    private int _next;

    public LiveRefreshTests()
    {
        _live = new LiveRefresh(_feed, _time, NullLogger<LiveRefresh>.Instance);
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
            _feed.Publish([Event(Acme)]);
            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        _time.Advance(LiveRefresh.Interval);
        await Eventually.True(() => Jobs(notices) == 200, "every change was told");
        Assert.InRange(notices.Count, 1, 6);
    }

    [Fact]
    public async Task First_change_is_told_at_once_and_silence_is_silent()
    {
        List<LiveChanges> notices = [];
        using var page = Subscribe(Acme, notices);

        _feed.Publish([Event(Acme)]);
        _time.Advance(TimeSpan.Zero);
        await Eventually.True(() => notices.Count == 1, "the change was told");
        _time.Advance(TimeSpan.FromMinutes(10));

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

        _feed.Publish([Event(Acme), Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);

        await Eventually.True(() => Jobs(acme) == 2 && Jobs(all) == 2, "both were told");
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

        _feed.Publish([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await Eventually.True(() => notices.Count == 1, "the first was told");
        for (var i = 0; i < 5; i++)
        {
            _feed.Publish([Event(Acme)]);
            _time.Advance(LiveRefresh.Interval);
        }

        first.SetResult();
        await Eventually.True(() => Jobs(notices) == 6, "the rest was told");
        Assert.InRange(notices.Count, 2, 3);
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
        _feed.Publish([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await Eventually.True(() => calls == 1, "told once");
        _feed.Publish([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);
        await Eventually.True(() => calls == 2, "told again");

        page.Dispose();
        _feed.Publish([Event(Acme)]);
        _time.Advance(LiveRefresh.Interval);

        Assert.Equal(2, calls);
    }

    private static int Jobs(List<LiveChanges> notices)
    {
        lock (notices)
            return notices.Sum(notice => notice.Jobs.Count);
    }

    private IDisposable Subscribe(TenantId? scope, List<LiveChanges> notices) => _live.Subscribe(scope, changes =>
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
