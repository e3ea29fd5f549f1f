using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobQueue.Tests.Jobs.Events;

/// <summary>A follower never misses an event without being told, wherever they are cut off.</summary>
public sealed class JobEventHistoryTests
{
    private static readonly EventFilter Everything = new(Tenant: null);

    private readonly JobFeed _feed = new(NullLogger<JobFeed>.Instance);
    private readonly JobEventHistory _history;

    public JobEventHistoryTests() => _history = new JobEventHistory(_feed);

    [Fact]
    public async Task Follower_gets_what_comes_after_he_began()
    {
        Publish(3);
        using var follower = _history.Follow(Everything, null);
        Publish(2);

        Assert.Equal(2, (await TakeAsync(follower)).Count);
    }

    [Fact]
    public async Task Every_id_resumes_at_the_event_after_it()
    {
        using var first = _history.Follow(Everything, null);
        Publish(10);
        var seen = await TakeAsync(first);

        for (var last = -1; last < 9; last++)
        {
            using var resumed = _history.Follow(Everything, last < 0 ? first.StartId : seen[last].Id);
            Assert.Equal(seen.Skip(last + 1), await TakeAsync(resumed));
        }
    }

    [Fact]
    public async Task Oldest_id_that_is_kept_resumes_and_the_one_before_it_makes_a_gap()
    {
        using var first = _history.Follow(Everything, null);
        Publish(2);
        var seen = await TakeAsync(first);
        Publish(JobEventHistory.Kept - 1);

        using var kept = _history.Follow(Everything, seen[0].Id);
        using var tooOld = _history.Follow(Everything, first.StartId);

        var all = await TakeAsync(kept);
        Assert.Equal(JobEventHistory.Kept, all.Count);
        Assert.Equal(seen[1], all[0]);
        Assert.Null(Assert.Single(await TakeAsync(tooOld)).Event);
    }

    [Fact]
    public async Task What_is_kept_is_bounded_in_bytes_too_and_who_comes_back_too_late_or_reads_too_slowly_is_told_of_the_gap()
    {
        using var slow = _history.Follow(Everything, null);
        var failed = Event(new TenantId(1)) with { Error = new JobError(new string('x', 8_000), null) };
        for (var i = 0; i < 3_000; i++)
            _feed.Publish([failed]);

        var got = await TakeAsync(slow);
        Assert.Null(got[0].Event);
        Assert.InRange(got.Count, 2, 1_100);

        using var tooOld = _history.Follow(Everything, slow.StartId);
        Assert.Null(Assert.Single(await TakeAsync(tooOld)).Event);
        using var kept = _history.Follow(Everything, got[^500].Id);
        Assert.Equal(499, (await TakeAsync(kept)).Count(each => each.Event is not null));
    }

    [Fact]
    public async Task Id_of_the_future_makes_a_gap()
    {
        using var first = _history.Follow(Everything, null);

        using var follower = _history.Follow(Everything, first.StartId[..^1] + "7");

        Assert.Null(Assert.Single(await TakeAsync(follower)).Event);
    }

    [Fact]
    public async Task Slow_follower_is_told_of_the_gap_before_anything_from_behind_it()
    {
        using var slow = _history.Follow(Everything, null);
        Publish(JobEventHistory.Kept + 3);

        var taken = await TakeAsync(slow);

        Assert.Null(taken[0].Event);
        Assert.Equal(3, taken.Skip(1).Count(each => each.Event is not null));
        // Cut off right after the news, they go on behind the gap and lose nothing more.
        using var resumed = _history.Follow(Everything, taken[0].Id);
        Assert.Equal(taken.Skip(1), await TakeAsync(resumed));
    }

    [Fact]
    public async Task Full_buffer_is_no_gap_yet()
    {
        using var follower = _history.Follow(Everything, null);
        Publish(JobEventHistory.Kept);

        Assert.All(await TakeAsync(follower), each => Assert.NotNull(each.Event));
    }

    [Fact]
    public async Task What_others_do_costs_a_follower_no_room()
    {
        var mine = new TenantId(2);
        using var follower = _history.Follow(new EventFilter(mine), null);
        Publish(JobEventHistory.Kept * 2);
        _feed.Publish([Event(mine)]);

        Assert.Equal(mine, Assert.Single(await TakeAsync(follower)).Event!.TenantId);
    }

    [Fact]
    public async Task Readers_that_race_with_the_feed_see_the_numbers_rise_with_gaps_only_where_they_are_told()
    {
        const int Events = 200_000;
        using var follower = _history.Follow(Everything, null);
        var publishing = Task.Run(
            () =>
            {
                for (var i = 0; i < Events / 50; i++)
                    Publish(50);
            },
            TestContext.Current.CancellationToken);

        var last = NumberOf(follower.StartId);
        while (last < Events)
        {
            foreach (var each in await TakeAsync(follower))
            {
                var number = NumberOf(each.Id);
                Assert.True(each.Event is null ? number >= last : number == last + 1, $"{last} is followed by {number}");
                last = number;
            }
        }

        await publishing;
    }

    private static long NumberOf(string id) => long.Parse(id.AsSpan(id.IndexOf('-', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<FollowedEvent>> TakeAsync(EventFollower follower) =>
        await follower.TakeAsync(TestContext.Current.CancellationToken);

    private void Publish(int count) => _feed.Publish([.. Enumerable.Range(0, count).Select(_ => Event(new TenantId(1)))]);

    private static JobEvent Event(TenantId tenant) => TestJobs.Create("echo").Event(JobEventKind.Submitted) with { TenantId = tenant };
}
