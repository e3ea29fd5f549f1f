using System.Text.Json;
using JobQueue.Access.Sessions;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;
using JobQueue.Storage;
using JobQueue.Storage.Moving;
using JobQueue.Storage.Postgres;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Postgres;
using JobQueue.Tests.Support.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JobQueue.Tests.Storage.Moving;

/// <summary>From a SQLite database into PostgreSQL.</summary>
public sealed class StoreMoveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Database => _folder.File("jobs.db");

    [Fact]
    public async Task Jobs_of_every_state_go_on_where_they_stood()
    {
        TenantId acme;
        LeasedJob remote, pool;
        Dictionary<JobId, string> before;
        string counts;
        TestClock time;
        await using (var queue = await TestQueue.StartOnAsync(Database))
        {
            acme = await queue.TenantAsync("acme");
            (remote, pool) = await LiveAsync(queue, acme);
            before = await AllAsync(queue);
            before.Remove(pool.Job.Id);
            counts = await CountsAsync(queue);
            time = new TestClock(queue.Time.GetUtcNow());
            await queue.StopAsync();
        }

        await using var moved = await MoveAsync(time);

        Assert.Empty(await moved.Services.GetRequiredService<IDatabaseUpkeep>().CheckAsync(Ct));
        await moved.Store.ReapAsync(Ct);
        var after = await AllAsync(moved);
        Assert.All(before, job => Assert.Equal(job.Value, after[job.Key]));
        Assert.Equal(before.Count + 1, after.Count);
        Assert.Equal((JobStatus.Pending, 1), await moved.FindAsync(pool.Job.Id) is var crashed ? (crashed.Status, crashed.Crashes) : default);
        Assert.Equal(counts, await CountsAsync(moved));
        await moved.FinishAsync(remote);
        Assert.Equal(SettleResult.LeaseLost, await moved.SettleAsync(pool, Some.Done));
        Assert.Single(await moved.TargetsDownAsync(acme));
        Assert.NotNull(await moved.PauseAsync(acme, "paused"));
        await StoreChecks.CountersMatchRowsAsync(moved);
    }

    [Fact]
    public async Task Keys_still_replay_and_what_the_last_minute_took_of_a_limit_is_taken()
    {
        TestClock time;
        TenantId acme;
        Job first;
        await using (var queue = await TestQueue.StartOnAsync(Database))
        {
            acme = await queue.TenantAsync("acme", TenantLimits.None with { MaxNewPerMinute = 3 });
            first = await queue.SubmitAsync(Some.Keyed(acme, "one"));
            queue.Time.Advance(TimeSpan.FromSeconds(30));
            await queue.SubmitAsync(acme, 2);
            time = new TestClock(queue.Time.GetUtcNow());
        }

        await using var moved = await MoveAsync(time);

        Assert.Equal(new SubmitResult.Replayed(first.Id), await moved.Store.SubmitAsync(Some.Keyed(acme, "one"), Ct));
        Assert.IsType<SubmitResult.KeyReused>(await moved.Store.SubmitAsync(Some.Keyed(acme, "one", "[]"), Ct));
        Assert.IsType<SubmitResult.OverLimit>(await moved.Store.SubmitAsync(Some.Submission(acme), Ct));
        moved.Time.Advance(TimeSpan.FromSeconds(31));
        await moved.SubmitAsync(acme);
        Assert.IsType<SubmitResult.OverLimit>(await moved.Store.SubmitAsync(Some.Submission(acme), Ct));
    }

    [Fact]
    public async Task Ids_go_on_after_those_that_were_moved()
    {
        TestClock time;
        Job last;
        await using (var queue = await TestQueue.StartOnAsync(Database))
        {
            await queue.TenantAsync("acme");
            last = await queue.SubmitAsync(await queue.TenantAsync("globex"));
            time = new TestClock(queue.Time.GetUtcNow());
        }

        await using var moved = await MoveAsync(time);

        Assert.Equal(last.TenantId.Value + 1, (await moved.TenantAsync("initech")).Value);
        var next = await moved.SubmitAsync(Some.Submission(last.TenantId) with { Queue = "another" });
        Assert.True(next.Id > last.Id);
        await StoreChecks.CountersMatchRowsAsync(moved);
    }

    [Fact]
    public async Task Text_that_PostgreSQL_does_not_keep_is_replaced_and_told()
    {
        TestClock time;
        Job dead;
        await using (var queue = await TestQueue.StartOnAsync(Database))
        {
            dead = await queue.SubmitDeadAsync(Some.Submission(await queue.TenantAsync("acme")));
            time = new TestClock(queue.Time.GetUtcNow());
        }

        Change("UPDATE jobs SET error_message = 'a' || char(0) || 'b'; UPDATE attempts SET error_message = CAST(x'61eda08062' AS TEXT)");
        await using var moved = await MoveAsync(time);

        Assert.Equal("a\uFFFDb", (await moved.FindAsync(dead.Id)).Error?.Message);
        Assert.Equal(
            ["attempts.error_message: 1 texts held", "jobs.error_message: 1 texts held"],
            _told.Where(line => line.Contains("texts held", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(" characters", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData("UPDATE jobs SET max_retries = 3000000000", "3000000000 in jobs.max_retries is beyond")]
    [InlineData("UPDATE lanes SET done = 7", "it is not in order, and was not moved. Queue default")]
    [InlineData("DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_LeaseProcess'", "an older version of this program left it.")]
    public async Task Move_that_fails_leaves_empty_tables(string change, string expected)
    {
        await using (var queue = await TestQueue.StartOnAsync(Database))
            await queue.SubmitAsync(await queue.TenantAsync("acme"), 10);
        Change(change);
        var (cluster, database, owner) = await PostgresOfTests.CreateEmptyDatabaseAsync(Ct);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => MoveAsync(owner, TestClock.AtNoon()));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0L, await AskAsync(owner, "SELECT CASE WHEN to_regclass('jobs') IS NULL THEN 0 ELSE (xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM tenants', false, true, '')))[1]::text::bigint END"));
        await cluster.RunAsync($"DROP DATABASE {database} WITH (FORCE)", Ct);
    }

    [Theory]
    [InlineData("CREATE TABLE precious (id integer)", "it holds something else (a table precious). Name an empty database.")]
    [InlineData("INSERT INTO tenants (name, created_at) VALUES ('acme', 0)", "it holds something already (rows in tenants). Name an empty database.")]
    public async Task Database_that_holds_something_is_refused(string held, string expected)
    {
        await using (var queue = await TestQueue.StartOnAsync(Database))
            await queue.TenantAsync("acme");
        var (cluster, database, owner) = await PostgresOfTests.CreateEmptyDatabaseAsync(Ct);
        if (held.StartsWith("INSERT", StringComparison.Ordinal))
        {
            await using var connections = new PostgresConnections(owner);
            await new PostgresMigrations(connections).RunAsync(Ct);
        }

        await AskAsync(owner, held);

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => MoveAsync(owner, TestClock.AtNoon()));

        Assert.Equal($"The database 127.0.0.1/{database} cannot be used: {expected}", refused.Message);
        await cluster.RunAsync($"DROP DATABASE {database} WITH (FORCE)", Ct);
    }

    [Fact]
    public async Task Database_that_is_served_from_is_not_moved()
    {
        await using var queue = await TestQueue.StartOnAsync(Database);

        await Assert.ThrowsAsync<DatabaseInUseException>(() => MoveAsync("Host=nowhere.invalid", queue.Time));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    /// <summary>Jobs that are done, dead, cancelled, ready, for later, waiting for a retry, set aside, paused, called back, held by both kinds of worker.</summary>
    private static async Task<(LeasedJob Remote, LeasedJob Pool)> LiveAsync(TestQueue queue, TenantId acme)
    {
        await TargetDownAsync(queue, acme);
        await queue.SubmitDeadAsync(Some.Submission(acme, """{"a":"\\u0000\\ud800","b":1e2,"b":-0}"""));
        await queue.SubmitDeadAsync(Some.Submission(acme));
        await queue.SubmitDeadAsync(Some.Submission(acme), "another");
        queue.Time.Advance(TimeSpan.FromMinutes(2));
        await queue.SubmitAsync(Some.Submission(acme, "\"\u00e4\"") with { Tags = ["vip", "\u00df"], Priority = 7, Callback = new Callback("https://example.com/hook", CallbackOn.Ended) });
        await queue.FinishAsync(await queue.LeaseOneAsync());
        await queue.Store.CancelAsync((await queue.SubmitAsync(Some.Submission(acme) with { Queue = "other" })).Id, Some.Actor(), Ct);
        await queue.SubmitAsync(acme);
        await queue.FailAsync(await queue.LeaseOneAsync(new WorkerIdentity("python")));
        await queue.SubmitAsync(acme, 2);
        var remote = await queue.LeaseOneAsync();
        await queue.Store.HeartbeatAsync(remote.Token, null, new JobProgress(12.5, "well on"), ["a line", "another"], Ct);
        var pool = await queue.LeaseOneAsync(Some.Pool);
        await queue.SubmitAsync(Some.Submission(acme) with { Delay = TimeSpan.FromDays(1) });
        await queue.Store.PauseQueueAsync(acme, "paused", "for a while", queue.Time.GetUtcNow().AddDays(1), Some.Actor(), Ct);
        await queue.SubmitAsync(Some.Submission(acme) with { Queue = "paused" });
        await queue.SubmitAsync(acme, 3);
        return (remote, pool);
    }

    private static async Task TargetDownAsync(TestQueue queue, TenantId tenant)
    {
        var call = Some.Submission(tenant, """{"url":"https://down.example/hook"}""") with { Type = JobTarget.HttpType };
        foreach (var _ in Enumerable.Range(0, 5))
            await queue.SubmitAsync(call);
        var calls = await queue.LeaseAsync(Some.Wish(5));
        foreach (var leased in calls)
        {
            if (leased == calls[^1])
                await queue.LiveAsync(TimeSpan.FromSeconds(10));
            await queue.SettleAsync(leased, new JobOutcome.Failed(new JobError("refused", "connection")));
            await queue.Store.CancelAsync(leased.Job.Id, Some.Actor(), Ct);
        }

        await queue.SubmitAsync(call);
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
        Assert.Single(await queue.TargetsDownAsync(tenant));
    }

    private async Task<TestQueue> MoveAsync(TestClock time)
    {
        var (cluster, database, owner) = await PostgresOfTests.CreateEmptyDatabaseAsync(Ct);
        var moved = await MoveAsync(owner, time);
        Assert.Equal(MovedTable.All.Count, moved.Tables.Count);
        _told.AddRange(moved.Replaced);
        return await TestQueue.StartAsync(await PostgresHost.OnAsync(cluster, database, owner, time, Ct));
    }

    private Task<MoveResult> MoveAsync(string connectionString, TestClock time) =>
        new StoreMove(new DatabaseFile(Database), new KeyRing(_folder.File("keys")), time.GetUtcNow(), _told.Add).RunAsync(connectionString, Ct);

    /// <summary>Every job with its attempts and log lines.</summary>
    private static async Task<Dictionary<JobId, string>> AllAsync(TestQueue queue)
    {
        var all = new Dictionary<JobId, string>();
        foreach (var listed in await queue.ListAsync(new()))
        {
            all[listed.Id] = JsonSerializer.Serialize(new
            {
                Job = await queue.FindAsync(listed.Id),
                Attempts = await queue.Jobs.AttemptsAsync(null, listed.Id, Ct),
                Dead = await queue.DeadLetters.FindAsync(null, listed.Id, Ct),
            });
        }

        return all;
    }

    private static async Task<string> CountsAsync(TestQueue queue) => JsonSerializer.Serialize(new
    {
        Total = await queue.Stats.TotalAsync(null, Ct) is var total ? new { total.Done, total.Failed, total.DeadLettered, Open = total.Pending + total.Running } : null,
        Groups = await queue.Services.GetRequiredService<JobQueue.Storage.Queries.DeadLetters.DeadLetterGroupQueries>().ListAsync(new(), null, 100, Ct),
    });

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False;Foreign Keys=False");
        connection.Open();
        SqliteConnections.Run(connection, $"PRAGMA ignore_check_constraints = ON; {sql}");
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }
}
