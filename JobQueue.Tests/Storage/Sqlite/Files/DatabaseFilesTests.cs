using JobQueue.Configuration;
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
        var refused = await Assert.ThrowsAsync<DatabaseInUseException>(() => queue.SecondProcessAsync());
        Assert.Contains(queue.DatabasePath, refused.Message, StringComparison.Ordinal);
        await queue.SubmitAsync(await queue.TenantAsync("acme"));
    }

    [Theory]
    [InlineData("link to the file")]
    [InlineData("link to the folder")]
    public async Task Second_server_that_comes_by_a_link_is_refused(string link)
    {
        await using var queue = await TestQueue.StartAsync();
        using var folder = new TemporaryFolder();
        var name = folder.File("other.db");
        if (link == "link to the file")
        {
            File.CreateSymbolicLink(name, queue.DatabasePath);
        }
        else
        {
            Directory.CreateSymbolicLink(folder.File("other"), Path.GetDirectoryName(queue.DatabasePath)!);
            name = folder.File("other/jobs.db");
        }

        var refused = await Assert.ThrowsAsync<DatabaseInUseException>(() => TestQueue.StartOnAsync(name));
        Assert.Contains(queue.DatabasePath, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Second_server_that_comes_by_a_hard_link_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the lock is on the name alone");
        await using var queue = await TestQueue.StartAsync();
        using var folder = new TemporaryFolder();
        using (var link = System.Diagnostics.Process.Start("ln", [queue.DatabasePath, folder.File("other.db")]))
            await link.WaitForExitAsync(Ct);

        // In a process of its own: a second handle on the file would take this process's locks with it.
        var (exitCode, _, error) = await JobQueueProcess.RunAsync(
            folder.Path, ["--urls", "http://127.0.0.1:0", "--ConnectionStrings:JobQueue=Data Source=other.db"]);

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"The database {folder.File("other.db")} is in use by another server.", error.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Source=file:jobs.db")]
    [InlineData("Data Source=FILE:///tmp/jobs.db?mode=memory")]
    [InlineData("Data Source=|DataDirectory|jobs.db")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=jobs;Mode=Memory;Cache=Shared")]
    [InlineData("Data Source=jobs.db;Mode=ReadOnly")]
    [InlineData("Data Source=")]
    public void Connection_string_that_is_not_the_path_of_a_file_is_refused(string connectionString)
    {
        var refused = Assert.Throws<InvalidConfigurationException>(() => QueueApp.Build([$"--ConnectionStrings:JobQueue={connectionString}"]));
        Assert.StartsWith("ConnectionStrings:JobQueue = ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("the plain path of a file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ahead_log_begins_anew_again_and_again()
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
