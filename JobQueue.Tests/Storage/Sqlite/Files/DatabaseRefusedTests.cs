using JobQueue.Storage;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;

namespace JobQueue.Tests.Storage.Sqlite.Files;

/// <summary>What is no database of this program, or not whole, is told in one line and left as it is.</summary>
public sealed class DatabaseRefusedTests : IDisposable
{
    private const int PageSize = 4096;

    private readonly TemporaryFolder _folder = new();

    private string Database => _folder.File("jobs.db");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Database_that_a_newer_version_changed_is_refused()
    {
        await MakeAsync(jobs: 1);
        Run(Database, "INSERT INTO __EFMigrationsHistory VALUES ('20991231000000_Future', '99.0.0')");

        await RefusedAsync("a newer version of this program has changed it (20991231000000_Future)");
    }

    [Fact]
    public async Task Database_of_another_program_is_refused_and_left_as_it_is()
    {
        Run(Database, "CREATE TABLE notes (text)");
        var before = await File.ReadAllBytesAsync(Database, Ct);

        await RefusedAsync("it belongs to another program");
        Assert.Equal(before, await File.ReadAllBytesAsync(Database, Ct));
    }

    [Fact]
    public async Task Database_with_another_programs_migrations_is_refused()
    {
        Run(Database, """
            CREATE TABLE notes (text); CREATE TABLE __EFMigrationsHistory (MigrationId TEXT PRIMARY KEY, ProductVersion TEXT);
            INSERT INTO __EFMigrationsHistory VALUES ('20200101000000_Notes', '5.0.0');
            """);

        await RefusedAsync("it belongs to another program");
    }

    [Fact]
    public async Task Damaged_page_is_found_at_the_start()
    {
        await MakeAsync(jobs: 300);
        await using (var file = File.OpenWrite(Database))
        {
            file.Seek(file.Length / PageSize / 2 * PageSize, SeekOrigin.Begin);
            await file.WriteAsync(Enumerable.Repeat((byte)0xEE, PageSize).ToArray(), Ct);
        }

        await RefusedAsync("it is damaged");
    }

    [Fact]
    public async Task Database_that_was_cut_is_refused()
    {
        await MakeAsync(jobs: 300);
        await using (var file = File.OpenWrite(Database))
            file.SetLength(file.Length / PageSize / 2 * PageSize);

        await RefusedAsync("it is damaged");
    }

    [Fact]
    public async Task Text_is_no_database()
    {
        await File.WriteAllTextAsync(Database, new string('x', 5000), Ct);

        await RefusedAsync("it is no database");
    }

    [Fact]
    public async Task Name_of_the_lock_that_cannot_be_opened_is_no_other_server()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links are Unix's");
        File.CreateSymbolicLink(Database + ".lock", Database + ".lock");

        await RefusedAsync("jobs.db.lock");
    }

    [Fact]
    public async Task Folder_in_the_place_of_the_lock_is_no_other_server()
    {
        Directory.CreateDirectory(Database + ".lock");

        await RefusedAsync("the right to write the file and its folder");
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private async Task MakeAsync(int jobs)
    {
        await using var queue = await TestQueue.StartOnAsync(Database);
        await queue.SubmitAsync(await queue.TenantAsync("acme"), jobs);
    }

    private async Task RefusedAsync(string why)
    {
        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => TestQueue.StartOnAsync(Database));
        Assert.StartsWith($"The database {Database} cannot be used: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static void Run(string database, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
