using JobQueue.Storage;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Sqlite.Files;

public sealed class DatabaseFilesTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_file_of_the_database_belongs_to_its_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are Unix's");
        await using var queue = await TestQueue.StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
        foreach (var file in new[] { "", "-wal", "-shm", ".lock" })
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(queue.DatabasePath + file));
    }

    [Fact]
    public async Task Good_stop_leaves_one_whole_file()
    {
        await using var queue = await TestQueue.StartAsync();
        await queue.SubmitAsync(await queue.TenantAsync("acme"), 100);
        await queue.StopAsync();
        Assert.False(File.Exists(queue.DatabasePath + "-wal"));
        await using var connection = new SqliteConnection($"Data Source={queue.DatabasePath};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM jobs) || ' ' || (SELECT * FROM pragma_integrity_check) || ' ' || (SELECT count(*) FROM pragma_foreign_key_check)";
        Assert.Equal("100 ok 0", await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task Second_server_on_the_same_file_is_refused()
    {
        await using var queue = await TestQueue.StartAsync();
        var refused = await Assert.ThrowsAsync<DatabaseInUseException>(() => TestQueue.StartOnAsync(queue));
        Assert.Contains(queue.DatabasePath, refused.Message, StringComparison.Ordinal);
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
    }

    [Fact]
    public async Task Write_ahead_log_does_not_grow_without_end()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        var largest = 0L;
        for (var round = 0; round < 12; round++)
        {
            await queue.SubmitAsync(Some.Submission(acme, $"\"{new string('x', 8 << 20)}\""));
            largest = Math.Max(largest, new FileInfo(queue.DatabasePath + "-wal").Length);
        }

        await Eventually.True(
            async () =>
            {
                await queue.SubmitAsync(acme);
                return new FileInfo(queue.DatabasePath + "-wal").Length <= 68 << 20;
            },
            $"the log begins anew (it had {largest >> 20} MB)");
    }

    [Fact]
    public async Task Own_file_layer_can_be_turned_off()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere SQLite's own layer flushes");
        await using var gathering = await TestQueue.StartAsync();
        await using var plain = await TestQueue.StartAsync(
            builder => builder.Services.Configure<StorageOptions>(options => options.GatherWrites = false));
        await plain.SubmitAsync(await plain.TenantAsync("acme"));

        // The layer flushes by a descriptor of its own.
        Assert.Equal(OpenLogs(gathering) - 1, OpenLogs(plain));
    }

    private static int OpenLogs(TestQueue queue) => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
        .Count(descriptor => descriptor.LinkTarget == queue.DatabasePath + "-wal");
}
