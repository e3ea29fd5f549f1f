using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Storage.Postgres.Sql;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Storage.Postgres.Events;

/// <summary>Every process hears what all commit, and what nobody may need any more is deleted.</summary>
public sealed class OutboxReaderTests : IAsyncLifetime
{
    private static readonly EventFilter OfAcme = new(OutboxDatabase.Acme);

    private OutboxDatabase _outbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _outbox = await OutboxDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _outbox.DisposeAsync();

    [Fact]
    public async Task All_processes_hear_what_each_commits_in_the_order_of_the_commits()
    {
        var (one, two) = (await _outbox.StartAsync(), await _outbox.StartAsync());
        var (here, there) = (await _outbox.CommitterAsync(one), await _outbox.CommitterAsync(two));
        var events = Enumerable.Range(0, 12).Select(_ => OutboxDatabase.Event(OutboxDatabase.Acme)).ToArray();

        await here.CommitAsync(events[0]);
        await there.CommitAsync(events[1], events[2]);
        for (var next = 3; next < events.Length; next++)
            await (next % 2 == 0 ? here : there).CommitAsync(events[next]);

        foreach (var process in (OutboxProcess[])[one, two])
        {
            process.Reader.Wake();
            await HearsAsync(process, events[^1]);
            Assert.Equal(events, process.Heard);
        }
    }

    [Fact]
    public async Task Process_begins_with_what_is_committed_after_its_start()
    {
        var one = await _outbox.StartAsync();
        var writer = await _outbox.CommitterAsync(one);
        await writer.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        var two = await _outbox.StartAsync();
        var (late, later) = (OutboxDatabase.Event(OutboxDatabase.Acme), OutboxDatabase.Event(OutboxDatabase.Acme));

        await writer.CommitAsync(late);
        // Of a writer that it had not heard of.
        await (await _outbox.CommitterAsync(one)).CommitAsync(later);

        two.Reader.Wake();
        await HearsAsync(two, later);
        Assert.Equal([late, later], two.Heard);
    }

    [Fact]
    public async Task Process_that_was_away_until_events_were_deleted_tells_its_followers()
    {
        var (one, two) = (await _outbox.StartAsync(), await _outbox.StartAsync());
        var writer = await _outbox.CommitterAsync(one);
        using var follower = two.History.Follow(OfAcme, null);
        // Seen together, for it is one transaction.
        await _outbox.RunAsync(
            $"INSERT INTO event_batches VALUES ({writer.Writer}, 1, 1, 0, 0, ''), ({writer.Writer}, 2, 2, 0, 0, '\\x0100'); "
            + "DELETE FROM event_batches WHERE number = 1");

        two.Reader.Wake();
        Assert.Null(Assert.Single(await TakeAsync(follower, 1)).Event);
        Assert.True(Assert.Single(two.Batches).FollowsGap);
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_gap_and_what_follows_is_told()
    {
        var (one, two) = (await _outbox.StartAsync(), await _outbox.StartAsync());
        var writer = await _outbox.CommitterAsync(one);
        using var follower = two.History.Follow(OfAcme, null);
        var happened = OutboxDatabase.Event(OutboxDatabase.Acme);

        await writer.CommitAsync([255], [OutboxDatabase.Event(OutboxDatabase.Acme)]);
        await writer.CommitAsync([1, 200], [OutboxDatabase.Event(OutboxDatabase.Acme)]);
        await writer.CommitAsync(happened);

        two.Reader.Wake();
        await HearsAsync(two, happened);
        Assert.Equal([true, true, false], two.Batches.Select(batch => batch.FollowsGap));
        var told = await UntilAsync(follower, each => each.Event is not null);
        Assert.Null(told[0].Event);
        Assert.Equal(happened, told[^1].Event);
    }

    [Fact]
    public async Task Reader_whose_connection_is_ended_goes_on_where_it_was()
    {
        var (one, two) = (await _outbox.StartAsync(), await _outbox.StartAsync());
        var writer = await _outbox.CommitterAsync(one);
        var events = Enumerable.Range(0, 3).Select(_ => OutboxDatabase.Event(OutboxDatabase.Acme)).ToArray();
        await writer.CommitAsync(events[0]);
        two.Reader.Wake();
        await HearsAsync(two, events[0]);

        await _outbox.RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%picked%' AND pid <> pg_backend_pid()");
        await writer.CommitAsync(events[1]);
        await writer.CommitAsync(events[2]);

        two.Reader.Wake();
        await HearsAsync(two, events[2]);
        Assert.Equal(events, two.Heard);
        await HearsAsync(one, events[2]);
        Assert.Equal(events, one.Heard);
    }

    [Fact]
    public async Task Old_batches_are_deleted_but_never_a_writers_last_one()
    {
        var one = await _outbox.StartAsync();
        var (quiet, busy) = (await _outbox.CommitterAsync(one), await _outbox.CommitterAsync(one));
        await quiet.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        await busy.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        await busy.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        await _outbox.RunAsync("UPDATE event_batches SET at = at - 601000");
        await busy.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));

        await one.Outbox.TrimAsync(Cancellation);

        Assert.Equal([(quiet.Writer, 1L), (busy.Writer, 3L)], await _outbox.RowsAsync());
    }

    [Fact]
    public async Task Batches_beyond_a_bound_of_bytes_are_deleted_the_oldest_first()
    {
        var one = await _outbox.StartAsync();
        var (first, second) = (await _outbox.CommitterAsync(one), await _outbox.CommitterAsync(one));
        for (var round = 0; round < 5; round++)
        {
            await first.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme) with { Worker = new string('x', 1_000) });
            await second.CommitAsync(OutboxDatabase.Event(OutboxDatabase.Acme));
        }

        // As if each had been large.
        await _outbox.RunAsync("UPDATE event_batches SET written = written << 20");
        var deleted = await _outbox.NumberAsync(SqlText.Load("trim_events")
            .Replace("$1", "600000", StringComparison.Ordinal)
            .Replace("$2", $"{4_000L << 20}", StringComparison.Ordinal)
            .Replace("$3", "3", StringComparison.Ordinal));

        Assert.Equal(3, deleted);
        Assert.Equal([(first.Writer, 3L), (first.Writer, 4L), (first.Writer, 5L), (second.Writer, 2L), (second.Writer, 3L), (second.Writer, 4L), (second.Writer, 5L)], await _outbox.RowsAsync());
    }

    private static async Task HearsAsync(OutboxProcess process, JobEvent happened) =>
        await Eventually.True(() => process.Heard.Contains(happened), "the process hears of the event");

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
}
