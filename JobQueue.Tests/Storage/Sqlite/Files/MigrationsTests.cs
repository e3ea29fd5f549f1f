using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Tests.Storage.Sqlite.Files;

/// <summary>Databases of earlier versions go on.</summary>
public sealed class MigrationsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leases_from_before_processes_had_names_keep_their_kind()
    {
        await using var queue = await TestQueue.StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 2);
        var (pool, remote) = (await queue.LeaseOneAsync(Some.Pool), await queue.LeaseOneAsync(Some.Remote));
        var old = await queue.Storage.CrashAsync(default, Ct);
        await MigrateAsync(Assert.IsType<SqliteHost>(old), "Callbacks");

        await using var next = await TestQueue.StartAsync(old);

        Assert.Equal([AttemptOutcome.Crashed], await next.OutcomesAsync(pool.Job.Id));
        Assert.Equal(JobStatus.Running, (await next.FindAsync(remote.Job.Id)).Status);
        await next.FinishAsync(remote);
    }

    private static async Task MigrateAsync(SqliteHost storage, string target)
    {
        await using var db = new SqliteDb(
            new DbContextOptionsBuilder<SqliteDb>().UseSqlite($"Data Source={storage.DatabasePath};Pooling=False").Options);
        await db.Database.MigrateAsync(target, Ct);
    }
}
