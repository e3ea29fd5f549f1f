using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Sql;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Sqlite;

/// <summary>
/// No statement walks over jobs, or sorts them, however many there are. SQLite's own word for it, without ANALYZE: the program
/// never runs it, so that plans do not change with the data.
/// </summary>
public sealed class QueryPlanTests
{
    /// <summary>Tables whose size is that of the configuration or of what runs, not of the jobs kept.</summary>
    private static readonly HashSet<string> Small = ["lanes", "leases", "tenants", "paused_queues", "users", "tokens", "ranks", "sidings", "breakers"];

    /// <summary>Scans that end early, each with the reason.</summary>
    private static readonly HashSet<(string Statement, string Step)> Bounded =
    [
        // The first row of the key, LIMIT 1.
        ("last_job", "SCAN jobs USING COVERING INDEX sqlite_autoindex_jobs_1"),
        ("next_due", "SCAN scheduled"),
        // The oldest entries, LIMIT.
        ("old_audit", "SCAN audit"),
        // The first page over all tenants: the newest 10,000 off the key.
        ("jobs, all tenants, no filter", "SCAN jobs USING INDEX sqlite_autoindex_jobs_1"),
        ("jobs, all tenants, no filter", "SCAN jobs USING COVERING INDEX sqlite_autoindex_jobs_1"),
        ("jobs, all tenants, done", "SCAN jobs USING INDEX sqlite_autoindex_jobs_1"),
        ("jobs, all tenants, done", "SCAN jobs USING COVERING INDEX sqlite_autoindex_jobs_1"),
        ("jobs, all tenants, lane, tag, text", "SCAN jobs USING INDEX sqlite_autoindex_jobs_1"),
        ("jobs, all tenants, lane, tag, text", "SCAN jobs USING COVERING INDEX sqlite_autoindex_jobs_1"),
        ("job by key, all tenants", "SCAN jobs USING INDEX sqlite_autoindex_jobs_1"),
        ("job by key, all tenants", "SCAN jobs USING COVERING INDEX sqlite_autoindex_jobs_1"),
        ("jobs counted, all tenants, no filter", "SCAN jobs USING COVERING INDEX sqlite_autoindex_jobs_1"),
        ("jobs counted, all tenants, done", "SCAN jobs USING INDEX sqlite_autoindex_jobs_1"),
        ("jobs counted, all tenants, lane, tag, text", "SCAN jobs USING INDEX sqlite_autoindex_jobs_1"),
        // Whether there is any: the first row.
        ("any job, all tenants", "SCAN jobs USING COVERING INDEX ix_jobs_tenant"),
        // The newest 10,000 dead letters off the index.
        ("dead letters, all tenants, no filter", "SCAN dead_letters USING INDEX ix_dead_letters_dead_at"),
        ("dead letters, all tenants, lane, text", "SCAN dead_letters USING INDEX ix_dead_letters_dead_at"),
        ("dead letters counted, all tenants, no filter", "SCAN dead_letters USING COVERING INDEX ix_dead_letters_dead_at"),
        ("dead letters counted, all tenants, lane, text", "SCAN dead_letters USING INDEX ix_dead_letters_dead_at"),
        // The first page of the kinds.
        ("groups of dead letters, all tenants, no filter", "SCAN dead_letter_kinds USING INDEX ix_dead_letter_kinds_last"),
        // A bulk command over all dead letters means all of them.
        ("bulk, all tenants, no filter", "SCAN dead_letters USING INDEX ix_dead_letters_dead_at"),
        ("bulk, all tenants, lane, text", "SCAN dead_letters USING INDEX ix_dead_letters_dead_at"),
    ];

    private static readonly Dictionary<string, JobFilter> JobFilters = new()
    {
        ["no filter"] = new(),
        ["failed"] = new() { Status = JobStatus.Failed },
        ["reason"] = new() { Reason = FailReason.Poison },
        ["running"] = new() { Status = JobStatus.Running },
        ["pending"] = new() { Status = JobStatus.Pending },
        ["done"] = new() { Status = JobStatus.Done },
        ["lane, tag, text"] = new() { Queue = "q", Type = "t", Tag = "t", Text = "0199" },
        ["created"] = new() { CreatedAfter = DateTimeOffset.UnixEpoch, CreatedBefore = DateTimeOffset.UnixEpoch },
    };

    private static readonly Dictionary<string, DeadLetterFilter> DeadLetterFilters = new()
    {
        ["no filter"] = new(),
        ["ids"] = new() { JobIds = [JobId.Create(1, 1, 1)] },
        ["dead between"] = new() { DeadAfter = DateTimeOffset.UnixEpoch, DeadBefore = DateTimeOffset.UnixEpoch },
        ["lane, text"] = new() { Queue = "q", Type = "t", Text = "0199", Fingerprint = "a" },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>All but those that walk over what waits: once at start, and when the clock was set.</summary>
    [Fact]
    public async Task Hot_statements_find_their_rows_by_an_index()
    {
        await using var queue = await TestQueue.StartAsync();
        await using var connection = new SqliteConnection($"Data Source={queue.DatabasePath};Pooling=False");
        await connection.OpenAsync(Ct);
        foreach (var name in SqlText.Names.Except(["recount_lanes", "move_waiting_jobs", "move_waits", "shorten_waiting_jobs", "shorten_waits"]))
            Check(name, QueryPlans.Of(connection, SqlText.Load(name)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lists_of_jobs_walk_over_a_bounded_window(bool ofOneTenant)
    {
        await using var reads = await Reads.StartAsync(ofOneTenant);
        var (jobs, cursor) = (reads.Queue.Jobs, Cursor.Encode(JobId.Create(1, 1, 1)));
        foreach (var (name, filter) in JobFilters)
        {
            var own = filter with { Tenant = reads.Scope };
            await reads.CheckAsync($"jobs, {reads}, {name}", () => jobs.ListAsync(own, null, 10, withPayloads: true, Ct));
            await reads.CheckAsync($"jobs from a cursor, {reads}, {name}", () => jobs.ListAsync(own, cursor, 10, withPayloads: false, Ct));
            await reads.CheckAsync($"newer jobs, {reads}, {name}", () => jobs.NewerAsync(own, cursor, 10, Ct));
            await reads.CheckAsync($"jobs counted, {reads}, {name}", () => jobs.CountAsync(own, null, Ct));
        }

        var id = (await reads.Queue.ListAsync(new()))[0].Id;
        await reads.CheckAsync($"job by text, {reads}", () => jobs.ListAsync(new() { Tenant = reads.Scope, Text = id.ToString() }, null, 10, true, Ct));
        await reads.CheckAsync($"job by key, {reads}", () => jobs.ListAsync(new() { Tenant = reads.Scope, Text = "a key" }, null, 10, true, Ct));
        await reads.CheckAsync($"job, {reads}", () => jobs.FindAsync(reads.Scope, id, Ct));
        await reads.CheckAsync($"some jobs, {reads}", () => jobs.FindManyAsync(reads.Scope, [id, JobId.Create(1, 1, 1)], Ct));
        await reads.CheckAsync($"any job, {reads}", () => jobs.AnyAsync(reads.Scope, Ct));
        await reads.CheckAsync($"attempts, {reads}", () => jobs.AttemptsAsync(reads.Scope, id, Ct));
        await reads.CheckAsync($"log, {reads}", () => jobs.LogsAsync(reads.Scope, id, 0, 10, Ct));
        await reads.CheckAsync($"explain, {reads}", () => reads.Queue.Services.GetRequiredService<ExplainQueries>().ExplainAsync(reads.Scope, id, Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lists_of_dead_letters_walk_over_a_bounded_window(bool ofOneTenant)
    {
        await using var reads = await Reads.StartAsync(ofOneTenant);
        var (letters, cursor) = (reads.Queue.DeadLetters, Cursor.Encode(DateTimeOffset.UnixEpoch, JobId.Create(1, 1, 1)));
        foreach (var (name, filter) in DeadLetterFilters)
        {
            var own = filter with { Tenant = reads.Scope };
            await reads.CheckAsync($"dead letters, {reads}, {name}", () => letters.ListAsync(own, null, 10, Ct));
            await reads.CheckAsync($"dead letters from a cursor, {reads}, {name}", () => letters.ListAsync(own, cursor, 10, Ct));
            await reads.CheckAsync($"newer dead letters, {reads}, {name}", () => letters.NewerAsync(own, cursor, 10, Ct));
            await reads.CheckAsync($"dead letters counted, {reads}, {name}", () => letters.CountAsync(own, null, Ct));
            await reads.CheckAsync($"bulk, {reads}, {name}", () => reads.Queue.Store.RequeueManyAsync(own, dryRun: true, Some.Actor(), Ct));
        }

        await reads.CheckAsync($"dead letter, {reads}", () => letters.FindAsync(reads.Scope, JobId.Create(1, 1, 1), Ct));
        var groups = new DeadLetterGroupQueries(reads.Queue.Services.GetRequiredService<IDbContextFactory<JobQueue.Storage.Model.JobQueueDb>>());
        foreach (var leased in await reads.Queue.LeaseAsync(Some.Wish(2)))
            await reads.Queue.FailAsync(leased, retryable: false);
        var kind = KindCursor.Encode(reads.Queue.Time.GetUtcNow(), "g", 1);
        await reads.CheckAsync($"groups of dead letters, {reads}, no filter", () => groups.ListAsync(new() { Tenant = reads.Scope }, null, 10, Ct));
        await reads.CheckAsync($"groups of dead letters from a cursor, {reads}", () => groups.ListAsync(new() { Tenant = reads.Scope }, kind, 10, Ct));
        await reads.CheckAsync($"groups of dead letters, {reads}, of a queue", () => groups.ListAsync(new() { Tenant = reads.Scope, Queue = "q" }, kind, 10, Ct));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counts_are_read_from_what_is_maintained(bool ofOneTenant)
    {
        await using var reads = await Reads.StartAsync(ofOneTenant);
        await reads.CheckAsync($"counts, {reads}", () => reads.Queue.Stats.TotalAsync(reads.Scope, Ct), maySort: true);
        await reads.CheckAsync($"minutes, {reads}", () => reads.Queue.Stats.MinutesAsync(reads.Scope, 60, Ct), maySort: true);
        await reads.CheckAsync($"waiting, {reads}", () => reads.Queue.Stats.WaitingAsync(reads.Scope, Ct));
    }

    private static void Check(string statement, IReadOnlyList<string> plan, bool maySort = false)
    {
        foreach (var step in plan)
        {
            if (step.StartsWith("SCAN ", StringComparison.Ordinal) && !IsWindow(step) && !Small.Contains(step.Split(' ')[1]))
                Assert.True(Bounded.Contains((statement, step)), $"{statement}: {step}\n{string.Join('\n', plan)}");
            // Groups are of lanes and minutes, which are few. Order is never made by sorting.
            var sorts = step.StartsWith("USE TEMP B-TREE", StringComparison.Ordinal) && !(maySort && step.EndsWith("FOR GROUP BY", StringComparison.Ordinal));
            Assert.False(sorts, $"{statement}: {step}\n{string.Join('\n', plan)}");
        }

        // A status that few jobs have is found by its own index, or else all the others would be walked over.
        if (statement.Contains("failed", StringComparison.Ordinal) || statement.Contains("reason", StringComparison.Ordinal))
            Assert.Contains(plan, step => step.Contains("ix_jobs_failed", StringComparison.Ordinal));
    }

    /// <summary>Reads the rows of an inner query that has its own limit, or a constant.</summary>
    private static bool IsWindow(string step) => step.Split(' ')[1] is ['j' or 'd' or 's', ..] and { Length: <= 2 } or "CONSTANT" or "(subquery-1)";

    /// <summary>A queue whose reads are noted, and the sight of those who read.</summary>
    private sealed class Reads : IAsyncDisposable
    {
        private readonly StatementRecorder _recorder = new();
        private SqliteConnection? _connection;
        private TestQueue? _queue;

        public TestQueue Queue => _queue!;

        public TenantId? Scope { get; private set; }

        public static async Task<Reads> StartAsync(bool ofOneTenant)
        {
            var reads = new Reads();
            reads._queue = await TestQueue.StartAsync(builder =>
                builder.Services.ConfigureDbContext<SqliteDb>(options => options.AddInterceptors(reads._recorder)));
            var acme = await reads.Queue.TenantAsync("acme");
            await reads.Queue.SubmitAsync(acme, 10);
            reads.Scope = ofOneTenant ? acme : null;
            reads._connection = new SqliteConnection($"Data Source={reads.Queue.DatabasePath};Pooling=False");
            await reads._connection.OpenAsync(Ct);
            SqliteConnections.AddFunctions(reads._connection);
            return reads;
        }

        public async Task CheckAsync(string statement, Func<Task> read, bool maySort = false)
        {
            _recorder.Take();
            await read();
            var statements = _recorder.Take();
            Assert.NotEmpty(statements);
            // The last page of a list of pending jobs asks the lanes first how many there are.
            foreach (var sql in statements.Where(sql => !sql.Contains("FROM \"lanes\"", StringComparison.Ordinal) || sql.Contains("jobs", StringComparison.Ordinal)))
                Check(statement, QueryPlans.Of(_connection!, sql), maySort);
        }

        public async ValueTask DisposeAsync()
        {
            await _connection!.DisposeAsync();
            await Queue.DisposeAsync();
        }

        public override string ToString() => Scope is null ? "all tenants" : "one tenant";
    }
}
