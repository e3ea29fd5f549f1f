using JobQueue.Commands.Upkeep;
using JobQueue.Jobs.Model;
using JobQueue.Storage;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Commands;

/// <summary><c>backup</c> and <c>check</c>, in processes of their own as people run them.</summary>
public sealed class UpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Backup => _folder.File("backup.db");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Backup_made_under_load_holds_whatever_was_acknowledged_before_it_and_is_served_from()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        using var enough = new CancellationTokenSource();
        var before = await SubmitAsync(queue, acme, 100);
        var load = Task.Run(() => LoadAsync(queue, acme, enough.Token), Ct);

        var (exitCode, output, error) = await RunAsync(queue, "backup", "--to", "backup.db");
        await enough.CancelAsync();
        await load;

        Assert.Equal((0, Backup, ""), (exitCode, output.Trim(), error));
        Assert.Equal([Backup], Directory.GetFiles(_folder.Path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        await using var restored = await TestQueue.StartOnAsync(Backup);
        foreach (var job in before)
            await restored.FindAsync(job);
        Assert.Equal(100, (await restored.LeaseAsync(Some.Wish(100))).Count);
        await StoreChecks.CountersMatchRowsAsync(restored);
    }

    [Fact]
    public async Task Backup_without_a_server_holds_also_what_a_killed_one_left_in_its_log()
    {
        await using var queue = await TestQueue.StartAsync();
        var jobs = await SubmitAsync(queue, await queue.TenantAsync("acme"), 100);
        foreach (var end in new[] { "", "-wal" })
            File.Copy(queue.DatabasePath + end, _folder.File($"jobs.db{end}"));

        var (exitCode, _, error) = await JobQueueProcess.RunAsync(_folder.Path, ["backup", "--to", "backup.db"]);

        Assert.Equal((0, ""), (exitCode, error));
        await using var restored = await TestQueue.StartOnAsync(Backup);
        Assert.Equal(jobs.Count, (await restored.Stats.TotalAsync(null, Ct)).Pending);
    }

    [Fact]
    public async Task Backup_replaces_no_file()
    {
        await using var queue = await TestQueue.StartAsync();
        await File.WriteAllTextAsync(Backup, "precious", Ct);

        var (exitCode, output, error) = await RunAsync(queue, "backup", "--to", "backup.db");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"There is a file {Backup} already", error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Backup, Ct));
    }

    [Fact]
    public async Task Check_says_nothing_of_a_database_in_order_also_beside_a_server_at_work()
    {
        await using var queue = await TestQueue.StartAsync();
        var acme = await queue.TenantAsync("acme");
        await LiveAsync(queue, acme);
        using var enough = new CancellationTokenSource();
        var load = Task.Run(() => LoadAsync(queue, acme, enough.Token), Ct);

        var (exitCode, output, error) = await RunAsync(queue, "check");
        await enough.CancelAsync();
        await load;

        Assert.Equal((0, "", ""), (exitCode, output, error));
    }

    [Fact]
    public async Task Sample_is_in_order()
    {
        await using (await QueueApp.StartAsync(new QueueAppOptions
        {
            Folder = _folder.Path,
            Sample = true,
            Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true" },
        }))
        {
        }

        Assert.Equal((0, "", ""), await JobQueueProcess.RunAsync(_folder.Path, ["check"]));
    }

    [Theory]
    [InlineData("UPDATE lanes SET pending = pending + 2", "Queue default, type echo of tenant acme: the counter of pending says 5, there are 3.")]
    [InlineData("UPDATE lanes SET done = 7", "the counter of done says 7, there are 1.")]
    [InlineData("UPDATE lanes SET failed = 8", "the counter of failed says 8, there are 1.")]
    [InlineData("UPDATE lanes SET dead = 0", "the counter of dead letters says 0, there are 1.")]
    [InlineData("DELETE FROM ready", "is pending and neither ready nor scheduled nor leased")]
    [InlineData("DELETE FROM leases", "is pending and neither ready nor scheduled nor leased")]
    [InlineData("UPDATE scheduled SET due_at = due_at + 1", "is scheduled, but its row says otherwise.")]
    [InlineData("UPDATE leases SET tenant_id = 99", "is leased, but its row says otherwise.")]
    [InlineData("UPDATE dead_letters SET job_id = x'00000000000000000000000000000000'", "refers to a row of jobs that is missing.")]
    [InlineData("UPDATE lanes SET minute_submitted = 0", "its minutes counted 1 new jobs, there are 5.")]
    [InlineData("INSERT INTO minutes SELECT 77, 1, 0, 0, 0, 0, 0, 0, 0", "Minutes are kept of lane 77, which is missing.")]
    public async Task Check_tells_what_differs(string change, string expected)
    {
        var database = _folder.File("jobs.db");
        await using (var queue = await TestQueue.StartOnAsync(database))
            await LiveAsync(queue, await queue.TenantAsync("acme"));
        using (var connection = new SqliteConnection($"Data Source={database};Pooling=False;Foreign Keys=False"))
        {
            connection.Open();
            SqliteConnections.Run(connection, $"PRAGMA ignore_check_constraints = ON; {change}");
        }

        using var host = UpkeepHost.Build([$"--ConnectionStrings:JobQueue=Data Source={database}"]);
        var upkeep = host.Services.GetRequiredService<IDatabaseUpkeep>();
        Assert.Contains(await upkeep.CheckAsync(Ct), difference => difference.Contains(expected, StringComparison.Ordinal));
        Assert.NotEmpty(await upkeep.BackUpAsync(Backup, Ct));
        Assert.Empty(Directory.GetFiles(_folder.Path, "backup*"));
    }

    [Fact]
    public async Task Check_tells_of_damage()
    {
        var database = _folder.File("jobs.db");
        await using (var queue = await TestQueue.StartOnAsync(database))
            await queue.SubmitAsync(await queue.TenantAsync("acme"), 500);
        await using (var file = File.OpenWrite(database))
        {
            file.Seek(file.Length / 4096 / 2 * 4096, SeekOrigin.Begin);
            await file.WriteAsync(Enumerable.Repeat((byte)0xEE, 4096).ToArray(), Ct);
        }

        var (exitCode, _, error) = await JobQueueProcess.RunAsync(_folder.Path, ["check"]);

        // Where the damage hits what the check itself must read, it is told as such.
        Assert.Equal(1, exitCode);
        Assert.Matches("not in order|cannot be used", error);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(TestQueue queue, params string[] arguments) =>
        JobQueueProcess.RunAsync(_folder.Path, [.. arguments, $"--ConnectionStrings:JobQueue=Data Source={queue.DatabasePath}"]);

    private static async Task<List<JobId>> SubmitAsync(TestQueue queue, TenantId tenant, int count)
    {
        var jobs = new List<JobId>();
        for (var number = 0; number < count; number++)
            jobs.Add((await queue.SubmitAsync(tenant)).Id);
        return jobs;
    }

    /// <summary>One job done, one dead, one that runs, one for later, two that are ready.</summary>
    private static async Task LiveAsync(TestQueue queue, TenantId tenant)
    {
        await queue.SubmitDeadAsync(Some.Submission(tenant));
        queue.Time.Advance(TimeSpan.FromMinutes(2));
        await queue.SubmitAsync(tenant);
        await queue.FinishAsync(await queue.LeaseOneAsync());
        await queue.SubmitAsync(tenant);
        await queue.LeaseOneAsync();
        await queue.SubmitAsync(Some.Submission(tenant) with { RunAt = queue.Time.GetUtcNow().AddHours(1) });
        await queue.SubmitAsync(tenant, 2);
    }

    private static async Task LoadAsync(TestQueue queue, TenantId tenant, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await queue.SubmitAsync(tenant, 20);
            foreach (var leased in await queue.LeaseAsync(Some.Wish(10)))
                await queue.FinishAsync(leased);
        }
    }
}
