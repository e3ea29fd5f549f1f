using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SQLitePCL;

namespace JobQueue.Tests.Storage.Sqlite.Writer;

/// <summary>What becomes of a write, and of those beside it, when SQLite refuses.</summary>
public sealed class WriteFaultsTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A store that stops because of its disk says so in the exit code of the process, here the tests'.</summary>
    public void Dispose() => Environment.ExitCode = 0;

    [Theory]
    [InlineData(raw.SQLITE_IOERR)]
    [InlineData(raw.SQLITE_CORRUPT)]
    [InlineData(raw.SQLITE_NOTADB)]
    public async Task Disk_that_fails_under_an_administrative_write_stops_the_server(int code)
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");

        await Assert.ThrowsAsync<StoreStoppedException>(() => WriteAsync<int>(
            queue, _ => throw new DbUpdateException("An error occurred while saving.", new SqliteException("no good", code))));

        await StoppingAsync(queue);
        Assert.Equal(74, Environment.ExitCode);
        await Assert.ThrowsAsync<StoreStoppedException>(() => queue.Store.SubmitAsync(Some.Submission(acme), Ct));
    }

    [Fact]
    public async Task Writes_beside_one_under_which_SQLite_undid_the_transaction_are_stored()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        Task<SubmitResult> before, after;
        Task<int> guilty;
        await using (var hold = await WriterHold.StartAsync(queue.Services))
        {
            before = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
            guilty = WriteAsync<int>(queue, db =>
            {
                db.Database.ExecuteSqlRaw("ROLLBACK");
                throw new InvalidOperationException("guilty");
            });
            after = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
        }

        Assert.Equal("guilty", (await Assert.ThrowsAsync<InvalidOperationException>(() => guilty)).Message);
        Assert.IsType<SubmitResult.Accepted>(await before);
        Assert.IsType<SubmitResult.Accepted>(await after);
        Assert.Equal(2, (await queue.Stats.TotalAsync(acme, Ct)).Pending);
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Full_disk_is_told_as_such_whatever_is_written()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        await GrowNoMoreAsync(queue);

        await Assert.ThrowsAsync<DiskFullException>(() => queue.Store.SubmitAsync(Some.Submission(acme, Large), Ct));
        await Assert.ThrowsAsync<DiskFullException>(() => WriteAsync(queue, db => db.Audit.Add(new AuditRow { Actor = "test", Action = "test", Detail = Large }).Entity.Actor));

        await WriteAsync(queue, db => db.Database.ExecuteSqlRaw("PRAGMA max_page_count = 100000"));
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme, Large), Ct));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Full_disk_costs_one_reading_of_the_board_however_many_wait()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        await GrowNoMoreAsync(queue);
        var readings = await CountReadingsOfTheBoardAsync(queue);
        var hold = await WriterHold.StartAsync(queue.Services);
        Task[] waiting = [.. Enumerable.Range(0, 50).Select(_ => queue.Store.SubmitAsync(Some.Submission(acme, Large[^50_000..].Insert(0, "\"")), Ct))];

        await Assert.ThrowsAsync<DiskFullException>(() => hold.DisposeAsync().AsTask());
        foreach (var each in waiting)
            await Assert.ThrowsAsync<DiskFullException>(() => each);
        Assert.Equal(1, readings());
    }

    [Fact]
    public async Task Many_bad_writes_in_one_batch_cost_a_bounded_number_of_readings()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        var readings = await CountReadingsOfTheBoardAsync(queue);
        var hold = await WriterHold.StartAsync(queue.Services);
        var good = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
        Task[] bad = [.. Enumerable.Range(0, 50).Select(_ => queue.Store.SubmitAsync(Some.Submission(acme) with { MaxRetries = -1 }, Ct))];

        // Where so much fails, those beside it are told to come again.
        await Assert.ThrowsAsync<StoreUnavailableException>(() => hold.DisposeAsync().AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => good);
        foreach (var each in bad)
            await Assert.ThrowsAnyAsync<Exception>(() => each);
        Assert.InRange(readings(), 1, 10);
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        await StoreChecks.CountersMatchRowsAsync(queue);
    }

    [Fact]
    public async Task Lock_that_another_program_holds_is_told_to_all_who_wait_and_writing_goes_on_after_it()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        await WriteAsync(queue, db => db.Database.ExecuteSqlRaw("PRAGMA busy_timeout = 100"));
        await using (var other = new SqliteConnection($"Data Source={queue.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(Ct);
            await using var transaction = other.BeginTransaction();
            Task[] waiting =
            [
                .. Enumerable.Range(0, 20).Select(_ => queue.Store.SubmitAsync(Some.Submission(acme), Ct)),
                queue.Store.PauseQueueAsync(acme, "q", null, null, Some.Actor(), Ct),
                WriteAsync(queue, db => db.Audit.Add(new AuditRow { Actor = "test", Action = "test" }).Entity.Actor),
            ];
            foreach (var each in waiting)
                await Assert.ThrowsAsync<StoreUnavailableException>(() => each.WaitAsync(Soon, Ct));
        }

        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Submission(acme), Ct));
        Assert.Equal(1, (await queue.UsageAsync(acme)).Pending);
    }

    [Theory]
    [InlineData("UPDATE jobs SET status = 2, finished_at = run_at")]
    [InlineData("UPDATE leases SET secret = secret + 1")]
    [InlineData("UPDATE lanes SET id = id + 100")]
    public async Task Row_that_disagrees_with_memory_stops_the_server_instead_of_drifting(string outsider)
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme);
        var leased = await queue.LeaseOneAsync();
        var statements = $"PRAGMA foreign_keys = OFF; {outsider}";
        await WriteAsync(queue, db => db.Database.ExecuteSqlRaw(statements));

        await Assert.ThrowsAsync<StoreStoppedException>(() => queue.SettleAsync(leased, Some.Done));
        await StoppingAsync(queue);
    }

    [Fact]
    public async Task Dead_letter_that_is_not_there_stops_the_server_instead_of_drifting()
    {
        await using var queue = await TestQueue.StartAsync();
        var dead = await queue.SubmitDeadAsync(Some.Submission(await queue.TenantAsync("acme")));
        await WriteAsync(queue, db => db.Database.ExecuteSqlRaw("DELETE FROM dead_letters"));

        await Assert.ThrowsAsync<StoreStoppedException>(() => queue.Store.RequeueAsync(dead.Id, null, Some.Actor(), Ct));
        await StoppingAsync(queue);
    }

    [Fact]
    public async Task Whatever_throws_in_the_writer_stops_the_server_in_good_order_and_everybody_hears_of_it()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        var wish = queue.LeaseAsync(Some.Wish() with { Wait = TimeSpan.FromMinutes(1) });
        Task<SubmitResult> beside;
        await using (var hold = await WriterHold.StartAsync(queue.Services))
        {
            queue.Services.GetRequiredService<SqliteStoreHost>().Writer.Post(new ThrowsWhenAnswered());
            beside = queue.Store.SubmitAsync(Some.Submission(acme), Ct);
        }

        await Assert.ThrowsAsync<StoreStoppedException>(() => beside.WaitAsync(Soon, Ct));
        await Assert.ThrowsAsync<StoreStoppedException>(() => wish.WaitAsync(Soon, Ct));
        await StoppingAsync(queue);
        Assert.Equal(74, Environment.ExitCode);
        await queue.StopAsync();
    }

    private static string Large { get; } = $"\"{new string('x', 1 << 20)}\"";

    private static Task<T> WriteAsync<T>(TestQueue queue, Func<JobQueueDb, T> change) =>
        queue.Services.GetRequiredService<IDbWriter>().WriteAsync(change, Ct);

    /// <summary>As on a disk without room: SQLite finds no page to write to.</summary>
    private static Task GrowNoMoreAsync(TestQueue queue) => WriteAsync(queue, db => db.Database.ExecuteSqlRaw("PRAGMA max_page_count = 1"));

    private static async Task<Func<int>> CountReadingsOfTheBoardAsync(TestQueue queue)
    {
        var readings = 0;
        await WriteAsync(queue, db =>
        {
            raw.sqlite3_trace(
                ((SqliteConnection)db.Database.GetDbConnection()).Handle,
                (_, statement) =>
                {
                    if (statement.Contains("FROM lanes", StringComparison.Ordinal))
                        Interlocked.Increment(ref readings);
                },
                null);
            return 0;
        });
        return () => Volatile.Read(ref readings);
    }

    private static async Task StoppingAsync(TestQueue queue)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = queue.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(Soon, Ct);
    }

    private sealed class ThrowsWhenAnswered() : StoreCommand<bool>(Ct)
    {
        public override bool Refusable => false;

        public override long Bytes => 0;

        public override void Complete() => throw new InvalidOperationException("guilty");

        protected override bool Run(WriteContext context) => true;
    }
}
