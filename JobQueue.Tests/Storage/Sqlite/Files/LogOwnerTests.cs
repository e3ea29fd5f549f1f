using JobQueue.Storage;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Sqlite.Files;

/// <summary>A write-ahead log is applied to the database that it belongs to, and to no other.</summary>
public sealed class LogOwnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Where the files of a crashed server, or what somebody put there instead, are found by the next one.</summary>
    private string Found => _folder.File("found.db");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_of_a_killed_server_is_recovered_again_and_again()
    {
        await using var queue = await TestQueue.StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 100);
        Leave(database: queue.DatabasePath, log: queue.DatabasePath);

        await using var second = await TestQueue.StartOnAsync(Found);
        Assert.Equal(100, await JobsAsync(second));
        await second.SubmitAsync(await second.TenantAsync("globex"), 10);
        File.Copy(Found, _folder.File("third.db"));
        File.Copy(Found + "-wal", _folder.File("third.db-wal"));

        await using var third = await TestQueue.StartOnAsync(_folder.File("third.db"));
        Assert.Equal(110, await JobsAsync(third));
    }

    [Fact]
    public async Task Server_killed_the_moment_it_signs_is_recovered()
    {
        await using (var queue = await TestQueue.StartOnAsync(Found))
            await queue.SubmitAsync(await queue.TenantAsync("acme"), 100);
        var before = _folder.File("before.db");
        File.Copy(Found, before);
        using (var connection = SqliteConnections.OpenForWriting($"Data Source={Found}", "Full"))
        {
            LogOwner.Sign(connection);
            File.Copy(Found + "-wal", before + "-wal");
        }

        await using var next = await TestQueue.StartOnAsync(before);
        Assert.Equal(100, await JobsAsync(next));
    }

    [Theory]
    [InlineData("VACUUM INTO")]
    [InlineData(".backup")]
    [InlineData("cp of the stopped database")]
    [InlineData("another database")]
    public async Task Log_beside_a_copy_that_it_does_not_belong_to_is_refused_and_kept(string copied)
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        await queue.SubmitAsync(acme, 100);
        var backup = _folder.File("backup.db");
        if (copied == "another database")
        {
            await using var other = await TestQueue.StartOnAsync(backup);
            await other.SubmitAsync(await other.TenantAsync("acme"), 100);
        }
        else if (copied == "cp of the stopped database")
        {
            await queue.StopAsync();
            File.Copy(queue.DatabasePath, backup);
            await queue.RestartAsync();
        }
        else
        {
            Copy(queue.DatabasePath, backup, copied);
        }

        await queue.SubmitAsync(acme, 100);
        Leave(database: backup, log: queue.DatabasePath);
        var log = await File.ReadAllBytesAsync(Found + "-wal", Ct);

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => TestQueue.StartOnAsync(Found));

        Assert.Contains($"{Found}-wal, which lies beside it, belongs to another database", refused.Message, StringComparison.Ordinal);
        Assert.Equal(log, await File.ReadAllBytesAsync(Found + "-wal", Ct));
    }

    [Fact]
    public async Task Log_without_its_database_is_refused_and_kept()
    {
        await using var queue = await TestQueue.StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 100);
        File.Copy(queue.DatabasePath + "-wal", Found + "-wal");

        await Assert.ThrowsAsync<DatabaseRefusedException>(() => TestQueue.StartOnAsync(Found));

        Assert.True(File.Exists(Found + "-wal"));
        Assert.False(File.Exists(Found));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private void Leave(string database, string log)
    {
        File.Copy(database, Found);
        File.Copy(log + "-wal", Found + "-wal");
    }

    private static void Copy(string database, string backup, string how)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        if (how == "VACUUM INTO")
        {
            SqliteConnections.Run(connection, $"VACUUM INTO '{backup}'");
            return;
        }

        using var to = new SqliteConnection($"Data Source={backup};Pooling=False");
        connection.BackupDatabase(to);
    }

    private static async Task<int> JobsAsync(TestQueue queue)
    {
        await using var db = await queue.Services.GetRequiredService<IDbContextFactory<JobQueue.Storage.Model.JobQueueDb>>().CreateDbContextAsync(Ct);
        return await db.Jobs.CountAsync(Ct);
    }
}
