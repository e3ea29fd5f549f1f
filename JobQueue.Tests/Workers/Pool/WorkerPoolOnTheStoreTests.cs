using System.Text;
using JobQueue.Handlers;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tests.Support;
using JobQueue.Workers;
using JobQueue.Workers.Held;
using JobQueue.Workers.Pool;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Workers.Pool;

/// <summary>The worker pool on the real store.</summary>
public sealed class WorkerPoolOnTheStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submitted_job_is_run_and_its_result_is_kept()
    {
        await using var queue = await StartAsync();
        var id = await SubmitAsync(queue, "echo", """{"a":1.0}""");

        var done = await UntilAsync(queue, id, job => job.Status == JobStatus.Done);

        Assert.Equal("""{"a":1.0}""", Encoding.UTF8.GetString(done.Result!.Value.Span));
    }

    [Fact]
    public async Task Every_job_of_a_burst_is_run_exactly_once()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var submissions = Enumerable.Range(0, 1_000).Select(_ => Some.Submission(acme)).ToList();

        Assert.IsType<BatchSubmitResult.Accepted>(await queue.Store.SubmitManyAsync(submissions, Ct));

        await Eventually.True(async () => (await queue.Stats.TotalAsync(acme, Ct)).Done == 1_000, "all are done");
        var page = await queue.Jobs.ListAsync(new JobQueue.Storage.Queries.JobFilter(), null, 200, true, Ct);
        Assert.All(page.Items, job => Assert.Equal(1, job.Attempts));
    }

    [Fact]
    public async Task Cancelled_running_job_ends_as_cancelled()
    {
        await using var queue = await StartAsync();
        var id = await SubmitAsync(queue, "sleep", """{"seconds":600}""");
        await UntilAsync(queue, id, job => job.Status == JobStatus.Running);

        Assert.Equal(ControlResult.CancelRequested, await queue.Store.CancelAsync(id, Some.Actor(), Ct));

        var cancelled = await UntilAsync(queue, id, job => job.Status == JobStatus.Failed);
        Assert.Equal(FailReason.Cancelled, cancelled.Reason);
    }

    [Fact]
    public async Task Failed_attempt_is_tried_again()
    {
        await using var queue = await StartAsync();
        var id = await SubmitAsync(queue, "fail", """{"times":1}""");
        var waiting = await UntilAsync(queue, id, job => job.Retries == 1);
        Assert.Equal("This job fails on purpose.", waiting.Error!.Message);

        await queue.LiveAsync(TimeSpan.FromSeconds(10));

        var done = await UntilAsync(queue, id, job => job.Status == JobStatus.Done);
        Assert.Equal("""{"failed_times":1}""", Encoding.UTF8.GetString(done.Result!.Value.Span));
    }

    [Fact]
    public async Task Bad_payload_goes_to_the_dead_letters_at_once()
    {
        await using var queue = await StartAsync();
        var id = await SubmitAsync(queue, "sleep", """{"second":1}""");

        var failed = await UntilAsync(queue, id, job => job.Status == JobStatus.Failed);

        Assert.Equal(FailReason.PermanentError, failed.Reason);
        Assert.Contains("second", failed.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_seen_while_the_job_runs()
    {
        await using var queue = await StartAsync();
        var id = await SubmitAsync(queue, "sleep", """{"seconds":100,"steps":10}""");
        await UntilAsync(queue, id, job => job.Status == JobStatus.Running);

        var running = await UntilAsync(
            queue,
            id,
            job =>
            {
                queue.Time.Advance(AttemptWatch.Period);
                return job.Progress?.Percent >= 30;
            });

        Assert.Equal(JobStatus.Running, running.Status);
    }

    [Fact]
    public async Task Stopped_server_hands_back_what_runs_and_counts_nothing()
    {
        await using var queue = await StartAsync();
        var id = await SubmitAsync(queue, "sleep", """{"seconds":600}""");
        await Eventually.True(() => queue.Services.GetRequiredService<WorkerPool>().State.Busy == 1, "the handler has begun");

        await queue.RestartAsync();

        var again = await UntilAsync(queue, id, job => job.Status == JobStatus.Running);
        Assert.Equal((0, 0), (again.Retries, again.Crashes));
        var attempts = await queue.Jobs.AttemptsAsync(null, id, Ct);
        Assert.Equal([AttemptOutcome.Released, null], attempts!.OrderBy(attempt => attempt.Number).Select(attempt => attempt.Outcome));
    }

    private static Task<TestQueue> StartAsync() => TestQueue.StartAsync(builder =>
    {
        // The clock stands still while the host stops: no grace for what a test leaves running.
        builder.Services.Configure<WorkersOptions>(options => (options.Count, options.ShutdownGraceSeconds) = (4, 0));
        builder.AddHandlers();
        builder.AddWorkers();
    });

    private static async Task<JobId> SubmitAsync(TestQueue queue, string type, string payload)
    {
        var tenant = await queue.TenantAsync("acme");
        var accepted = await queue.Store.SubmitAsync(Some.Submission(tenant, payload) with { Type = type }, Ct);
        return Assert.IsType<SubmitResult.Accepted>(accepted).Job.Id;
    }

    private static async Task<Job> UntilAsync(TestQueue queue, JobId id, Func<Job, bool> holds)
    {
        Job? job = null;
        await Eventually.True(async () => holds(job = (await queue.Jobs.FindAsync(null, id, Ct))!), $"job {id} is as expected");
        return job!;
    }
}
