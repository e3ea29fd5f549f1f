using JobQueue.Demo;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Demo;

public sealed class SampleTests
{
    private const int MaxBytes = 1 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "jobs.db.sample");

    private static QueueAppOptions Demo { get; } =
        new() { Settings = new Dictionary<string, string> { ["Demo:Enabled"] = "true", ["Workers:Count"] = "0" }, Sample = true };

    [Fact]
    public async Task Demo_begins_with_the_sample_as_if_its_newest_event_had_been_two_minutes_ago()
    {
        var before = TimeProvider.System.GetUtcNow();
        await using var app = await QueueApp.StartAsync(Demo);
        var after = TimeProvider.System.GetUtcNow();
        var jobs = await AllAsync(app);

        Assert.InRange(jobs.Count, 300, 1000);
        var newest = jobs.Max(job => job.FinishedAt ?? job.CreatedAt);
        Assert.InRange(newest, before.AddMinutes(-2).AddMilliseconds(-1), after.AddMinutes(-2));
        Assert.All(jobs, job => Assert.InRange(job.CreatedAt.ToUnixTimeMilliseconds() - job.Id.UnixMilliseconds, -1, 1));
        Assert.All(jobs.Where(job => job.Status == JobStatus.Pending), job => Assert.True(job.RunAt > after));
        Assert.Equal(
            [JobStatus.Pending, JobStatus.Done, JobStatus.Failed], jobs.Select(job => job.Status).Distinct().Order());
        Assert.Equal(["acme", "globex"], jobs.Select(job => job.Tenant).Distinct().Order());
        Assert.Equal(3, jobs.Select(job => job.Reason).OfType<FailReason>().Distinct().Count());
    }

    [Fact]
    public async Task Nothing_in_the_sample_counts_towards_a_limit()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        var board = app.Services.GetRequiredService<IJobBoard>();
        foreach (var tenant in (await AllAsync(app)).Select(job => job.TenantId).Distinct())
        {
            var usage = await board.UsageOfAsync(tenant, TestContext.Current.CancellationToken);
            Assert.Equal((0, 0), (usage.Running, usage.AcceptedLastMinute));
        }
    }

    [Fact]
    public async Task Dead_letters_attempts_and_counters_of_the_sample_fit_its_jobs()
    {
        await using var app = await QueueApp.StartAsync(Demo);
        var jobs = await AllAsync(app);
        var dead = jobs.Where(job => job.DeadLettered).ToList();
        var letters = app.Services.GetRequiredService<DeadLetterQueries>();
        foreach (var job in dead)
        {
            Assert.Equal(job.FinishedAt, (await letters.FindAsync(null, job.Id, Cancellation))!.DeadAt);
            Assert.Equal(job.Attempts, (await app.Services.GetRequiredService<JobQueries>().AttemptsAsync(null, job.Id, Cancellation))!.Count);
        }

        var total = await app.Services.GetRequiredService<StatsQueries>().TotalAsync(null, Cancellation);
        Assert.Equal(
            (jobs.Count(job => job.Status == JobStatus.Pending), jobs.Count(job => job.Status == JobStatus.Done), dead.Count),
            (total.Pending, total.Done, total.DeadLettered));
    }

    [Fact]
    public async Task Sample_is_small_and_made_anew_by_its_command()
    {
        Assert.InRange(new FileInfo(Shipped).Length, 1, MaxBytes);
        using var folder = new TemporaryFolder();
        var made = Path.Combine(folder.Path, "again.db");
        await SampleDatabase.CreateAsync(made, SampleJobs.Rows(), Cancellation);
        Assert.InRange(new FileInfo(made).Length, 1, MaxBytes);
        Assert.Equal([made], Directory.GetFiles(folder.Path));
    }

    private static async Task<IReadOnlyList<Job>> AllAsync(QueueApp app)
    {
        var jobs = new List<Job>();
        string? cursor = null;
        do
        {
            var page = await app.Services.GetRequiredService<JobQueries>()
                .ListAsync(new JobFilter(), cursor, 200, withPayloads: false, Cancellation);
            jobs.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return jobs;
    }
}
