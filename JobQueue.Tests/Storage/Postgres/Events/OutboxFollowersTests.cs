using System.Collections.Concurrent;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Storage.Postgres.Events;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Storage.Postgres.Events;

/// <summary>A follower goes on in whichever process they are sent to: each event once, a job's events in their order, or a gap that is told.</summary>
public sealed class OutboxFollowersTests : IAsyncLifetime
{
    private static readonly EventFilter OfAcme = new(OutboxDatabase.Acme);

    private OutboxDatabase _outbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _outbox = await OutboxDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _outbox.DisposeAsync();

    [Fact]
    public async Task Commit_that_is_late_is_not_lost_behind_those_that_overtook_it()
    {
        var (one, two) = (await _outbox.StartAsync(), await _outbox.StartAsync());
        var (slow, quick) = (await _outbox.CommitterAsync(one), await _outbox.CommitterAsync(one));
        var (late, first) = (OutboxDatabase.Event(OutboxDatabase.Acme), OutboxDatabase.Event(OutboxDatabase.Acme));
        using var follower = two.History.Follow(OfAcme, null);

        await slow.BeginAsync(EventBatchBody.Write([late]));
        await quick.CommitAsync(first);
        two.Reader.Wake();
        var seen = Assert.Single(await TakeAsync(follower, 1));
        await slow.EndAsync([late]);

        Assert.Equal(first, seen.Event);
        two.Reader.Wake();
        Assert.Equal(late, Assert.Single(await TakeAsync(follower, 1)).Event);
        // A third process hears of them in the order in which they were drawn, and knows all the same which of them was seen.
        var three = await _outbox.StartAsync();
        using var resumed = three.History.Follow(OfAcme, seen.Id);
        Assert.Equal(late, Assert.Single(await TakeAsync(resumed, 1)).Event);
    }

    [Fact]
    public async Task Follower_who_was_cut_off_goes_on_in_another_process_and_after_a_restart()
    {
        var one = await _outbox.StartAsync();
        var writer = await _outbox.CommitterAsync(one);
        var events = Enumerable.Range(0, 5).Select(_ => OutboxDatabase.Event(OutboxDatabase.Acme)).ToArray();
        using var follower = one.History.Follow(OfAcme, null);
        await writer.CommitAsync(events[0], events[1], OutboxDatabase.Event(OutboxDatabase.Globex), events[2]);
        var seen = await TakeAsync(follower, 3);
        await writer.CommitAsync(events[3]);

        // In the midst of a commit, at its end, and before everything.
        foreach (var (id, expected) in ((string, JobEvent[])[])[(follower.StartId, events[..4]), (seen[0].Id, events[1..4]), (seen[2].Id, events[3..4])])
        {
            var other = await _outbox.StartAsync();
            using var resumed = other.History.Follow(OfAcme, id);
            Assert.Equal(expected, (await TakeAsync(resumed, expected.Length)).Select(each => each.Event));
        }

        var last = await _outbox.StartAsync();
        using var again = last.History.Follow(OfAcme, seen[2].Id);
        var third = await TakeAsync(again, 1);
        await writer.CommitAsync(events[4]);
        last.Reader.Wake();
        Assert.Equal([events[3], events[4]], [third[0].Event, (await TakeAsync(again, 1))[0].Event]);
    }

    [Fact]
    public async Task Who_comes_back_gets_what_followed_from_something_after_it_whoever_committed_it()
    {
        var one = await _outbox.StartAsync();
        OutboxCommitter[] writers = [await _outbox.CommitterAsync(one), await _outbox.CommitterAsync(one)];
        using var follower = one.History.Follow(OfAcme, null);
        var job = OutboxDatabase.Event(OutboxDatabase.Acme);
        for (var attempt = 1; attempt <= 6; attempt++)
            await writers[attempt % 2].CommitAsync(job with { Attempt = attempt });
        var two = await _outbox.StartAsync();

        using var resumed = two.History.Follow(OfAcme, follower.StartId);

        Assert.Equal(Enumerable.Range(1, 6), (await TakeAsync(resumed, 6)).Select(each => each.Event!.Attempt));
    }

    [Fact]
    public async Task Quiet_follower_moves_on_with_the_other_tenants_and_nobody_sees_whether_they_do_anything()
    {
        var one = await _outbox.StartAsync();
        var writer = await _outbox.CommitterAsync(one);
        using var follower = one.History.Follow(OfAcme, null);
        using var ofAll = one.History.Follow(new EventFilter(Tenant: null), null);
        var taking = follower.TakeAsync(Cancellation).AsTask();
        await writer.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Globex));
        await TakeAsync(ofAll, 1);
        await Eventually.True(() => follower.MoveOn() is not null, "the follower waits");
        string[] ids = [follower.MoveOn()!, follower.MoveOn()!];
        await writer.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Globex));
        await _outbox.RunAsync("DELETE FROM event_batches WHERE number < 2");
        var happened = OutboxDatabase.Event(OutboxDatabase.Acme);

        await writer.CommitAsync(happened);

        Assert.NotEqual(ids[0], ids[1]);
        Assert.Equal(happened, Assert.Single(await taking).Event);
        var two = await _outbox.StartAsync();
        using var resumed = two.History.Follow(OfAcme, ids[1]);
        Assert.Equal(happened, Assert.Single(await TakeAsync(resumed, 1)).Event);
    }

    [Fact]
    public async Task Who_comes_back_for_what_was_deleted_is_told_so_before_anything_else_and_goes_on()
    {
        var one = await _outbox.StartAsync();
        var writer = await _outbox.CommitterAsync(one);
        using var follower = one.History.Follow(OfAcme, null);
        await writer.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        await writer.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        await writer.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        var seen = await TakeAsync(follower, 3);
        await _outbox.RunAsync("DELETE FROM event_batches WHERE number < 3");
        var two = await _outbox.StartAsync();

        using var whole = two.History.Follow(OfAcme, seen[1].Id);
        Assert.Equal(seen[2].Event, Assert.Single(await TakeAsync(whole, 1)).Event);
        using var late = two.History.Follow(OfAcme, seen[0].Id);
        var gap = Assert.Single(await TakeAsync(late, 1));
        Assert.Null(gap.Event);
        var next = OutboxDatabase.Event(OutboxDatabase.Acme);
        await writer.CommitAsync(next);
        two.Reader.Wake();
        Assert.Equal(next, Assert.Single(await TakeAsync(late, 1)).Event);
        using var third = one.History.Follow(OfAcme, gap.Id);
        Assert.Equal(next, Assert.Single(await TakeAsync(third, 1)).Event);
    }

    [Fact]
    public async Task Id_of_a_database_means_nothing_in_another_that_began_as_its_copy()
    {
        var one = await _outbox.StartAsync();
        using var follower = one.History.Follow(OfAcme, null);
        await (await _outbox.CommitterAsync(one)).CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        var lastId = (await TakeAsync(follower, 1))[0].Id;

        _outbox = await _outbox.CopyAsync();
        var restored = await _outbox.StartAsync();
        using var resumed = restored.History.Follow(OfAcme, lastId);

        Assert.Null(Assert.Single(await TakeAsync(resumed, 1)).Event);
        var next = OutboxDatabase.Event(OutboxDatabase.Acme);
        await (await _outbox.CommitterAsync(restored)).CommitAsync(next);
        Assert.Equal(next, Assert.Single(await TakeAsync(resumed, 1)).Event);
    }

    [Fact]
    public async Task Followers_who_are_sent_from_process_to_process_get_each_event_once_and_a_jobs_in_order()
    {
        const int Jobs = 40;
        const int EventsOfAJob = 150;
        const int Followers = 4;
        OutboxProcess[] processes = [await _outbox.StartAsync(), await _outbox.StartAsync(), await _outbox.StartAsync()];
        var starts = Enumerable.Range(0, Followers).Select(each => processes[each % 2].History.Follow(OfAcme, null)).ToList();

        var writers = new List<OutboxCommitter>();
        while (writers.Count < 6)
            writers.Add(await _outbox.CommitterAsync(processes[writers.Count % processes.Length]));
        var jobs = Enumerable.Range(0, Jobs).Select(number => OutboxDatabase.Event(number % 4 == 0 ? OutboxDatabase.Globex : OutboxDatabase.Acme)).ToArray();
        var committing = CommitAllAsync(writers, jobs, EventsOfAJob);
        var waking = Task.Run(async () =>
        {
            while (!committing.IsCompleted)
            {
                await Task.Yield();
                foreach (var process in processes)
                    process.Reader.Wake();
            }
        }, Cancellation);
        var followed = await Task.WhenAll(starts.Select((start, seed) => WanderAsync(processes, start, seed, jobs.Count(job => job.TenantId == OutboxDatabase.Acme) * EventsOfAJob)));
        await committing;
        await waking;

        Assert.All(followed, told =>
        {
            Assert.All(told, each => Assert.NotNull(each));
            Assert.All(told.GroupBy(each => each!.JobId), job => Assert.Equal(Enumerable.Range(1, EventsOfAJob), job.Select(each => each!.Attempt)));
        });
    }

    /// <summary>Follows in one process, is cut off, goes on in another.</summary>
    private static async Task<List<JobEvent?>> WanderAsync(OutboxProcess[] processes, EventFollower start, int seed, int count)
    {
        var random = new Random(seed);
        var (told, follower) = (new List<JobEvent?>(), start);
        var lastId = start.StartId;
        while (told.Count < count)
        {
            for (var left = random.Next(200); left > 0 && told.Count < count;)
            {
                // Cut off in the midst of what was taken.
                foreach (var each in (await follower.TakeAsync(Cancellation)).Take(left))
                {
                    told.Add(each.Event);
                    lastId = each.Id;
                    left--;
                }
            }

            follower.Dispose();
            follower = processes[random.Next(processes.Length)].History.Follow(OfAcme, lastId);
        }

        follower.Dispose();
        return told;
    }

    /// <summary>The writers pass the jobs around: each event of a job is committed once the one before it is.</summary>
    private static Task CommitAllAsync(IReadOnlyList<OutboxCommitter> writers, JobEvent[] jobs, int eventsOfAJob)
    {
        var left = new ConcurrentQueue<JobEvent>(jobs);
        return Task.WhenAll(writers.Select(async (writer, seed) =>
        {
            var random = new Random(seed);
            while (!left.IsEmpty)
            {
                var batch = new List<JobEvent>();
                for (var room = random.Next(1, 6); room > 0 && left.TryDequeue(out var job); room--)
                    batch.Add(job with { Attempt = job.Attempt + 1 });
                if (batch.Count == 0)
                {
                    await Task.Yield();
                    continue;
                }

                await writer.CommitAsync([.. batch]);
                foreach (var job in batch.Where(job => job.Attempt < eventsOfAJob))
                    left.Enqueue(job);
            }
        }));
    }

    private static async Task<IReadOnlyList<FollowedEvent>> TakeAsync(EventFollower follower, int count)
    {
        var taken = new List<FollowedEvent>();
        while (taken.Count < count)
            taken.AddRange(await follower.TakeAsync(Cancellation));
        Assert.Equal(count, taken.Count);
        return taken;
    }
}
