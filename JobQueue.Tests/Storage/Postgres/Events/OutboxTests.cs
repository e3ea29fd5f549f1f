using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Storage.Postgres.Events;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Postgres;
using Npgsql;

namespace JobQueue.Tests.Storage.Postgres.Events;

/// <summary>Every process hears what all commit: each event once, a job's events in their order.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private static readonly TenantId Acme = new(1);
    private static readonly TenantId Globex = new(2);
    private static readonly EventFilter OfAcme = new(Acme);

    private readonly List<IAsyncDisposable> _opened = [];
    private PostgresCluster _cluster = null!;
    private string _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_cluster, _database) = await PostgresOfTests.CreateDatabaseAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_opened))
            await each.DisposeAsync();
    }

    [Fact]
    public async Task All_processes_hear_what_each_commits_in_the_order_of_the_commits()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var (here, there) = (await CommitterAsync(one), await CommitterAsync(two));
        var events = Enumerable.Range(0, 12).Select(_ => Event(Acme)).ToArray();

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
        var one = await StartAsync();
        var writer = await CommitterAsync(one);
        await writer.CommitAsync(Event(Acme));
        var two = await StartAsync();
        var (late, later) = (Event(Acme), Event(Acme));

        await writer.CommitAsync(late);
        // Of a writer that it had not heard of.
        await (await CommitterAsync(one)).CommitAsync(later);

        two.Reader.Wake();
        await HearsAsync(two, later);
        Assert.Equal([late, later], two.Heard);
    }

    [Fact]
    public async Task Commit_that_is_late_is_not_lost_behind_those_that_overtook_it()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var (slow, quick) = (await CommitterAsync(one), await CommitterAsync(one));
        var (late, first) = (Event(Acme), Event(Acme));
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
        var three = await StartAsync();
        using var resumed = three.History.Follow(OfAcme, seen.Id);
        Assert.Equal(late, Assert.Single(await TakeAsync(resumed, 1)).Event);
    }

    [Fact]
    public async Task Follower_who_was_cut_off_goes_on_in_another_process_and_after_a_restart()
    {
        var one = await StartAsync();
        var writer = await CommitterAsync(one);
        var events = Enumerable.Range(0, 5).Select(_ => Event(Acme)).ToArray();
        using var follower = one.History.Follow(OfAcme, null);
        await writer.CommitAsync(events[0], events[1], Event(Globex), events[2]);
        var seen = await TakeAsync(follower, 3);
        await writer.CommitAsync(events[3]);

        // In the midst of a commit, at its end, and before everything.
        foreach (var (id, expected) in ((string, JobEvent[])[])[(follower.StartId, events[..4]), (seen[0].Id, events[1..4]), (seen[2].Id, events[3..4])])
        {
            var other = await StartAsync();
            using var resumed = other.History.Follow(OfAcme, id);
            Assert.Equal(expected, (await TakeAsync(resumed, expected.Length)).Select(each => each.Event));
        }

        var last = await StartAsync();
        using var again = last.History.Follow(OfAcme, seen[2].Id);
        var third = await TakeAsync(again, 1);
        await writer.CommitAsync(events[4]);
        last.Reader.Wake();
        Assert.Equal([events[3], events[4]], [third[0].Event, (await TakeAsync(again, 1))[0].Event]);
    }

    [Fact]
    public async Task Quiet_follower_moves_on_with_the_other_tenants_and_nobody_sees_whether_they_do_anything()
    {
        var one = await StartAsync();
        var writer = await CommitterAsync(one);
        using var follower = one.History.Follow(OfAcme, null);
        var taking = follower.TakeAsync(Cancellation).AsTask();
        await writer.CommitAsync(Event(Globex));
        await one.Outbox.WhenToldAsync(Cancellation);
        await Eventually.True(() => follower.MoveOn() is not null, "the follower waits");
        string[] ids = [follower.MoveOn()!, follower.MoveOn()!];
        await writer.CommitAsync(Event(Globex));
        await RunAsync("DELETE FROM event_batches WHERE number < 2");
        var happened = Event(Acme);

        await writer.CommitAsync(happened);

        Assert.NotEqual(ids[0], ids[1]);
        Assert.Equal(happened, Assert.Single(await taking).Event);
        var two = await StartAsync();
        using var resumed = two.History.Follow(OfAcme, ids[1]);
        Assert.Equal(happened, Assert.Single(await TakeAsync(resumed, 1)).Event);
    }

    [Fact]
    public async Task Who_comes_back_for_what_was_deleted_is_told_so_before_anything_else_and_goes_on()
    {
        var one = await StartAsync();
        var writer = await CommitterAsync(one);
        using var follower = one.History.Follow(OfAcme, null);
        await writer.CommitAsync(Event(Acme));
        await writer.CommitAsync(Event(Acme));
        await writer.CommitAsync(Event(Acme));
        var seen = await TakeAsync(follower, 3);
        await RunAsync("DELETE FROM event_batches WHERE number < 3");
        var two = await StartAsync();

        using var whole = two.History.Follow(OfAcme, seen[1].Id);
        Assert.Equal(seen[2].Event, Assert.Single(await TakeAsync(whole, 1)).Event);
        using var late = two.History.Follow(OfAcme, seen[0].Id);
        var gap = Assert.Single(await TakeAsync(late, 1));
        Assert.Null(gap.Event);
        var next = Event(Acme);
        await writer.CommitAsync(next);
        two.Reader.Wake();
        Assert.Equal(next, Assert.Single(await TakeAsync(late, 1)).Event);
        using var third = one.History.Follow(OfAcme, gap.Id);
        Assert.Equal(next, Assert.Single(await TakeAsync(third, 1)).Event);
    }

    [Fact]
    public async Task Process_that_was_away_until_events_were_deleted_tells_its_followers()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var writer = await CommitterAsync(one);
        using var follower = two.History.Follow(OfAcme, null);
        using var deaf = new NpgsqlConnection(_cluster.AdministratorOf(_database));
        await deaf.OpenAsync(Cancellation);
        // Whoever reads waits for the lock.
        await using (var lockedOut = await deaf.BeginTransactionAsync(Cancellation))
        {
            await RunAsync(deaf, "LOCK TABLE event_batches IN ACCESS EXCLUSIVE MODE");
            await RunAsync(deaf, $"INSERT INTO event_batches VALUES ({writer.Writer}, 1, 1, 0, 0, ''), ({writer.Writer}, 2, 2, 0, 0, '\\x0100')");
            await RunAsync(deaf, "DELETE FROM event_batches WHERE number = 1");
            two.Reader.Wake();
            await lockedOut.CommitAsync(Cancellation);
        }

        two.Reader.Wake();
        Assert.Null(Assert.Single(await TakeAsync(follower, 1)).Event);
        Assert.True(Assert.Single(two.Batches).FollowsGap);
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_gap_and_what_follows_is_told()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var writer = await CommitterAsync(one);
        using var follower = two.History.Follow(OfAcme, null);
        var happened = Event(Acme);

        await writer.CommitAsync([255], [Event(Acme)]);
        await writer.CommitAsync([1, 200], [Event(Acme)]);
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
        var (one, two) = (await StartAsync(), await StartAsync());
        var writer = await CommitterAsync(one);
        var events = Enumerable.Range(0, 3).Select(_ => Event(Acme)).ToArray();
        await writer.CommitAsync(events[0]);
        two.Reader.Wake();
        await HearsAsync(two, events[0]);

        await RunAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%picked%' AND pid <> pg_backend_pid()");
        await writer.CommitAsync(events[1]);
        await writer.CommitAsync(events[2]);

        two.Reader.Wake();
        await HearsAsync(two, events[2]);
        Assert.Equal(events, two.Heard);
        await HearsAsync(one, events[2]);
        Assert.Equal(events, one.Heard);
    }

    [Fact]
    public async Task Id_of_a_database_means_nothing_in_another_that_began_as_its_copy()
    {
        string lastId;
        await using (var one = await OutboxProcess.StartAsync(ConnectionString()))
        {
            await using var writer = await one.CommitterAsync();
            using var follower = one.History.Follow(OfAcme, null);
            await writer.CommitAsync(Event(Acme));
            lastId = (await TakeAsync(follower, 1))[0].Id;
        }

        _database = await PostgresOfTests.CopyAsync(_cluster, _database, Cancellation);
        var restored = await StartAsync();
        using var resumed = restored.History.Follow(OfAcme, lastId);

        Assert.Null(Assert.Single(await TakeAsync(resumed, 1)).Event);
        var next = Event(Acme);
        await (await CommitterAsync(restored)).CommitAsync(next);
        Assert.Equal(next, Assert.Single(await TakeAsync(resumed, 1)).Event);
    }

    [Fact]
    public async Task Old_batches_are_deleted_but_never_a_writers_last_one()
    {
        var one = await StartAsync();
        var (quiet, busy) = (await CommitterAsync(one), await CommitterAsync(one));
        await quiet.CommitAsync(Event(Acme));
        await busy.CommitAsync(Event(Acme));
        await busy.CommitAsync(Event(Acme));
        await RunAsync("UPDATE event_batches SET at = at - 601000");
        await busy.CommitAsync(Event(Acme));

        await one.Outbox.TrimAsync(Cancellation);

        Assert.Equal([(quiet.Writer, 1L), (busy.Writer, 3L)], await RowsAsync());
    }

    [Fact]
    public async Task Batches_beyond_a_bound_of_bytes_are_deleted_the_oldest_first()
    {
        var one = await StartAsync();
        var (first, second) = (await CommitterAsync(one), await CommitterAsync(one));
        for (var round = 0; round < 5; round++)
        {
            await first.CommitAsync(Event(Acme) with { Worker = new string('x', 1_000) });
            await second.CommitAsync(Event(Acme));
        }

        // As if each had been large.
        await RunAsync("UPDATE event_batches SET written = written << 20");
        var deleted = await ScalarAsync<int>((await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "JobQueue", "Storage", "Postgres", "Sql", "trim_events.sql"), Cancellation))
            .Replace("$1", "600000", StringComparison.Ordinal).Replace("$2", $"{4_000L << 20}", StringComparison.Ordinal).Replace("$3", "3", StringComparison.Ordinal));

        Assert.Equal(3, deleted);
        Assert.Equal([(first.Writer, 3L), (first.Writer, 4L), (first.Writer, 5L), (second.Writer, 2L), (second.Writer, 3L), (second.Writer, 4L), (second.Writer, 5L)], await RowsAsync());
    }

    [Fact]
    public async Task Followers_who_are_sent_from_process_to_process_get_each_event_once_and_a_jobs_in_order()
    {
        const int Jobs = 40;
        const int EventsOfAJob = 150;
        const int Followers = 4;
        OutboxProcess[] processes = [await StartAsync(), await StartAsync(), await StartAsync()];
        var starts = Enumerable.Range(0, Followers).Select(each => processes[each % 2].History.Follow(OfAcme, null)).ToList();

        var writers = new List<OutboxCommitter>();
        while (writers.Count < 6)
            writers.Add(await CommitterAsync(processes[writers.Count % processes.Length]));
        var jobs = Enumerable.Range(0, Jobs).Select(number => Event(number % 4 == 0 ? Globex : Acme)).ToArray();
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
        var followed = await Task.WhenAll(starts.Select((start, seed) => WanderAsync(processes, start, seed, jobs.Count(job => job.TenantId == Acme) * EventsOfAJob)));
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
        var left = new System.Collections.Concurrent.ConcurrentQueue<JobEvent>(jobs);
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

    private static JobEvent Event(TenantId tenant) => TestJobs.Create("echo").Event(JobEventKind.Submitted) with
    {
        TenantId = tenant,
        Attempt = 0,
        At = DateTimeOffset.UnixEpoch,
    };

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

    private string ConnectionString() => _cluster.ConnectionString(_database, PostgresOfTests.Owner);

    private async Task<OutboxProcess> StartAsync()
    {
        var process = await OutboxProcess.StartAsync(ConnectionString());
        _opened.Add(process);
        return process;
    }

    private async Task<OutboxCommitter> CommitterAsync(OutboxProcess process)
    {
        var committer = await process.CommitterAsync();
        _opened.Add(committer);
        return committer;
    }

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_cluster.AdministratorOf(_database));
        await connection.OpenAsync(Cancellation);
        await RunAsync(connection, sql);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_cluster.AdministratorOf(_database));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task<List<(int Writer, long Number)>> RowsAsync()
    {
        await using var connection = new NpgsqlConnection(_cluster.AdministratorOf(_database));
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand("SELECT writer, number FROM event_batches ORDER BY 1, 2", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<(int, long)>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return rows;
    }
}
