using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Jobs.Events.Following;

/// <summary>A follower never misses an event without being told, wherever they are cut off.</summary>
public sealed class JobEventHistoryTests : IDisposable
{
    private static readonly TenantId Acme = new(1);
    private static readonly TenantId Globex = new(2);
    private static readonly EventFilter Everything = new(Tenant: null);

    private readonly JobFeed _feed = new(NullLogger<JobFeed>.Instance);
    private readonly FakeTimeProvider _time = new();
    private readonly SoleStream _events;
    private readonly JobEventHistory _history;

    public JobEventHistoryTests()
    {
        _events = new SoleStream(_feed);
        _history = new JobEventHistory(
            _feed, new ForgetfulSource(), Options.Create(new EventsOptions { ResumeMegabytes = 1 }), _time, NullLogger<JobEventHistory>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _history.Dispose();

    [Fact]
    public async Task Follower_gets_what_comes_after_they_began()
    {
        using var earlier = _history.Follow(Everything, null);
        Publish(Acme, 3);
        await TakeAsync(earlier, 3);
        using var follower = _history.Follow(Everything, null);
        Publish(Acme, 2);

        await TakeAsync(follower, 2);
        await NothingMoreAsync(follower);
    }

    [Fact]
    public async Task Every_id_resumes_at_the_event_after_it()
    {
        using var first = _history.Follow(new EventFilter(Acme), null);
        Publish(Acme, 10);
        var seen = await TakeAsync(first, 10);

        for (var last = -1; last < 9; last++)
        {
            using var resumed = _history.Follow(new EventFilter(Acme), last < 0 ? first.StartId : seen[last].Id);
            Assert.Equal(seen.Skip(last + 1), await TakeAsync(resumed, 9 - last));
        }
    }

    [Fact]
    public async Task What_happens_to_others_makes_no_gap_for_a_tenant_and_takes_none_of_its_room()
    {
        using var acme = _history.Follow(new EventFilter(Acme), null);
        using var globex = _history.Follow(new EventFilter(Globex), null);
        Publish(Acme, 1);
        var seen = (await TakeAsync(acme, 1))[0];
        acme.Dispose();
        Publish(Globex, 20_000);
        var last = Event(Globex);
        _events.Tell([last]);
        Assert.Contains(await UntilAsync(globex, each => each.Event == last), each => each.Event is null);
        Publish(Acme, 1);

        using var resumed = _history.Follow(new EventFilter(Acme), seen.Id);

        Assert.NotNull((await TakeAsync(resumed, 1))[0].Event);
    }

    [Fact]
    public async Task Progress_without_end_pushes_no_other_event_out_and_the_latest_is_told()
    {
        using var first = _history.Follow(new EventFilter(Acme), null);
        var (done, busy) = (Event(Acme), TestJobs.Create("echo"));
        _events.Tell([done]);
        for (var percent = 0; percent < 20_000; percent++)
            _events.Tell([busy.Event(JobEventKind.Progress) with { Progress = new JobProgress(percent / 200.0, new string('x', 100)) }]);
        _events.Tell([busy.Event(JobEventKind.Done)]);
        var last = await UntilAsync(first, each => each.Event?.Kind == JobEventKind.Done);

        using var resumed = _history.Follow(new EventFilter(Acme), first.StartId);

        var again = await UntilAsync(resumed, each => each.Event?.Kind == JobEventKind.Done);
        Assert.DoesNotContain(last.Concat(again), each => each.Event is null);
        Assert.Same(done, again[0].Event);
        Assert.Equal(19_999 / 200.0, again[^2].Event!.Progress!.Percent);
    }

    [Fact]
    public async Task Window_is_bounded_in_bytes_and_what_fell_out_of_it_is_a_gap()
    {
        using var first = _history.Follow(new EventFilter(Acme), null);
        var large = Event(Acme) with { Error = new JobError(new string('x', 8_000), null) };
        for (var round = 0; round < 200; round++)
            _events.Tell([large with { Attempt = round }]);
        await UntilAsync(first, each => each.Event?.Attempt == 199);

        using var tooOld = _history.Follow(new EventFilter(Acme), first.StartId);

        var kept = await UntilAsync(tooOld, each => each.Event?.Attempt == 199);
        Assert.Null(kept[0].Event);
        Assert.InRange(kept.Count, 60, 66);
        Assert.All(kept.Skip(1), each => Assert.NotNull(each.Event));
        // Cut off right after the news, they go on behind the gap and lose nothing more.
        using var resumed = _history.Follow(new EventFilter(Acme), kept[0].Id);
        Assert.Equal(kept.Skip(1), await TakeAsync(resumed, kept.Count - 1));
    }

    [Fact]
    public async Task Cut_off_before_the_news_of_a_gap_is_a_gap_again()
    {
        using var told = _history.Follow(Everything, "nonsense");

        using var again = _history.Follow(Everything, told.StartId);

        Assert.Null((await TakeAsync(again, 1))[0].Event);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ")]
    public async Task Id_that_nobody_gave_out_makes_a_gap(string id)
    {
        using var follower = _history.Follow(Everything, id);

        Assert.Null((await TakeAsync(follower, 1))[0].Event);
        await NothingMoreAsync(follower);
    }

    [Fact]
    public async Task Ids_tell_nothing_of_what_others_do()
    {
        using var acme = _history.Follow(new EventFilter(Acme), null);
        using var globex = _history.Follow(new EventFilter(Globex), null);
        Publish(Acme, 2);
        Publish(Globex, 100);
        Publish(Acme, 2);

        var ids = (await TakeAsync(acme, 4)).Select(each => each.Id).ToList();

        Assert.All(ids, id => Assert.Equal(43, id.Length));
        Assert.Equal(4, ids.Select(id => id[..8]).Distinct().Count());
    }

    [Fact]
    public async Task Follower_of_one_job_or_queue_is_woken_by_that_alone_and_moves_on_with_the_others()
    {
        var mine = Event(Acme) with { Queue = "mine" };
        using var all = _history.Follow(new EventFilter(Acme), null);
        using var ofJob = _history.Follow(new EventFilter(Acme, mine.JobId), null);
        using var ofQueue = _history.Follow(new EventFilter(Acme, null, "mine"), null);
        using var ofBoth = _history.Follow(new EventFilter(Acme, mine.JobId, "other"), null);
        Task<IReadOnlyList<FollowedEvent>>[] waiting = [ofJob.TakeAsync(Cancellation).AsTask(), ofQueue.TakeAsync(Cancellation).AsTask()];
        var never = ofBoth.TakeAsync(Cancellation).AsTask();
        Publish(Acme, 2_000);
        await TakeAsync(all, 2_000);

        Assert.All(waiting, each => Assert.False(each.IsCompleted));
        var moved = ofJob.MoveOn();
        Assert.NotNull(moved);
        Assert.Null(ofJob.MoveOn());
        Assert.Null(all.MoveOn());
        _events.Tell([mine]);
        Assert.All(await Task.WhenAll(waiting), taken => Assert.Same(mine, Assert.Single(taken).Event));
        using var resumed = _history.Follow(new EventFilter(Acme, mine.JobId), moved);
        Assert.Same(mine, Assert.Single(await TakeAsync(resumed, 1)).Event);
        Assert.False(never.IsCompleted);
    }

    [Fact]
    public async Task Nothing_is_kept_of_what_nobody_has_followed_for_a_while()
    {
        using var first = _history.Follow(new EventFilter(Acme), null);
        Publish(Acme, 1);
        var seen = (await TakeAsync(first, 1))[0];
        first.Dispose();
        _time.Advance(JobEventHistory.KeptAbandoned - TimeSpan.FromSeconds(1));
        using (var soon = _history.Follow(new EventFilter(Acme), seen.Id))
            await NothingMoreAsync(soon);
        _time.Advance(JobEventHistory.KeptAbandoned);

        using var late = _history.Follow(new EventFilter(Acme), seen.Id);

        Assert.Null((await TakeAsync(late, 1))[0].Event);
    }

    [Fact]
    public async Task At_the_end_followers_get_what_was_committed_before_and_then_nothing()
    {
        using var follower = _history.Follow(Everything, null);
        Publish(Acme, 3);

        await _history.StoppingAsync(Cancellation);

        Assert.Equal(3, (await follower.TakeAsync(Cancellation)).Count);
        Assert.Empty(await follower.TakeAsync(Cancellation));
        using var late = _history.Follow(Everything, null);
        Assert.Empty(await late.TakeAsync(Cancellation));
    }

    [Fact]
    public async Task Readers_that_race_with_the_feed_see_events_rise_with_gaps_only_where_they_are_told()
    {
        const int Events = 60_000;
        using var follower = _history.Follow(Everything, null);
        var publishing = Task.Run(
            () =>
            {
                for (var number = 1; number <= Events; number += 50)
                    _events.Tell([.. Enumerable.Range(number, 50).Select(each => Event(Acme) with { Attempt = each })]);
            },
            Cancellation);

        var (last, gap) = (0, false);
        while (last < Events)
        {
            foreach (var each in await follower.TakeAsync(Cancellation))
            {
                if (each.Event is { } told)
                {
                    Assert.True(gap ? told.Attempt > last : told.Attempt == last + 1, $"{last} is followed by {told.Attempt}");
                    (last, gap) = (told.Attempt, false);
                }
                else
                {
                    gap = true;
                }
            }
        }

        await publishing;
    }

    [Fact]
    public async Task Feed_does_not_wait_for_the_streams_and_who_is_left_behind_is_told()
    {
        using var history = new JobEventHistory(
            _feed, new ForgetfulSource(), Options.Create(new EventsOptions()), _time, NullLogger<JobEventHistory>.Instance);
        using var follower = history.Follow(Everything, null);
        using var release = new ManualResetEventSlim();
        _events.Tell(new HeldBatch(Event(Acme), release));

        Publish(Acme, JobEventHistory.MaxHandedOver + 1);
        release.Set();

        await UntilAsync(follower, each => each.Event is null);
        var next = Event(Acme);
        _events.Tell([next]);
        Assert.Same(next, (await UntilAsync(follower, each => each.Event == next))[^1].Event);
    }

    private static JobEvent Event(TenantId tenant) => TestJobs.Create("echo").Event(JobEventKind.Submitted) with { TenantId = tenant };

    private static async Task<IReadOnlyList<FollowedEvent>> TakeAsync(EventFollower follower, int count)
    {
        var taken = new List<FollowedEvent>();
        while (taken.Count < count)
            taken.AddRange(await follower.TakeAsync(Cancellation));
        Assert.Equal(count, taken.Count);
        return taken;
    }

    private static async Task<IReadOnlyList<FollowedEvent>> UntilAsync(EventFollower follower, Predicate<FollowedEvent> which)
    {
        var taken = new List<FollowedEvent>();
        while (!taken.Exists(which))
            taken.AddRange(await follower.TakeAsync(Cancellation));
        return taken;
    }

    /// <summary>Publishes one more event for all, and finds that it is the next.</summary>
    private async Task NothingMoreAsync(EventFollower follower)
    {
        var marker = Event(Acme);
        _events.Tell([marker]);
        Assert.Same(marker, (await TakeAsync(follower, 1))[0].Event);
    }

    private void Publish(TenantId tenant, int count)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(2_000))
            _events.Tell([.. chunk.Select(_ => Event(tenant))]);
    }

    /// <summary>Events that are not read on before they are released.</summary>
    private sealed class HeldBatch(JobEvent only, ManualResetEventSlim release) : IReadOnlyList<JobEvent>
    {
        public int Count => 1;

        public JobEvent this[int index] => only;

        public IEnumerator<JobEvent> GetEnumerator()
        {
            release.Wait(Cancellation);
            yield return only;
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
