using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Leases;

/// <summary>What a clock that is set does, and does not.</summary>
public abstract class ClockContract(StoreProvider provider) : StoreContract(provider)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Wait_asked_for_in_seconds_lasts_as_long_whatever_the_clock_is_set_to(int hours)
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var retried = await queue.SubmitAsync(acme);
        await queue.FailAsync(await queue.LeaseOneAsync());
        var wait = (await queue.FindAsync(retried.Id)).RunAt - queue.Time.GetUtcNow();
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        var tomorrow = await queue.SubmitAsync(Some.Submission(acme) with { RunAt = queue.Time.GetUtcNow() + TimeSpan.FromDays(1) });

        queue.Time.SetHands(hours * Hour);
        await queue.LiveAsync(2 * Second);

        var now = queue.Time.GetUtcNow();
        Assert.Equal(now + (3 * Second), (await queue.FindAsync(delayed.Id)).RunAt);
        Assert.Equal(now + wait - (2 * Second), (await queue.FindAsync(retried.Id)).RunAt);
        Assert.Equal(tomorrow.RunAt, (await queue.FindAsync(tomorrow.Id)).RunAt);
        await StoreChecks.CountersMatchRowsAsync(queue);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(3)));
        await queue.LiveAsync(5 * Second);
        Assert.Equal([retried.Id, delayed.Id], (await queue.LeaseAsync(Some.Wish(3))).Select(leased => leased.Job.Id).Order());
    }

    [Fact]
    public async Task Clock_that_is_set_while_a_write_is_undone_is_followed_all_the_same()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        queue.Time.SetHands(-Hour);
        await Assert.ThrowsAnyAsync<Exception>(() => queue.Store.SubmitAsync(Some.Submission(acme) with { MaxRetries = -1 }, Ct));
        await queue.Store.ReapAsync(Ct);
        Assert.Equal(queue.Time.GetUtcNow() + (5 * Second), (await queue.FindAsync(delayed.Id)).RunAt);
    }

    [Fact]
    public async Task No_restart_makes_a_wait_longer_than_it_was_asked_for()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var delayed = await queue.SubmitAsync(Some.Submission(acme) with { Delay = 5 * Second });
        await queue.StopAsync();
        queue.Time.SetHands(-Hour);
        await queue.RestartAsync();
        Assert.Equal(queue.Time.GetUtcNow() + (5 * Second), (await queue.FindAsync(delayed.Id)).RunAt);
        await queue.LiveAsync(5 * Second);
        Assert.Equal(delayed.Id, (await queue.LeaseOneAsync()).Job.Id);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Attempt_lasted_as_long_as_it_did_whatever_the_clock_was_set_to(int hours)
    {
        await using var queue = await StartAsync();
        var job = await queue.SubmitAsync(await queue.TenantAsync("acme"));
        var done = new TaskCompletionSource<JobEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = queue.Feed.Subscribe("test", batch =>
        {
            if (batch.FirstOrDefault(each => each.Kind == JobEventKind.Done) is { } ended)
                done.TrySetResult(ended);
        });
        var leased = await queue.LeaseOneAsync();
        await queue.LiveAsync(Second);
        queue.Time.SetHands(hours * Hour);
        await queue.LiveAsync(2 * Second);
        Assert.Equal(queue.Time.GetUtcNow() - (3 * Second), (await queue.FindAsync(job.Id)).StartedAt);
        await queue.FinishAsync(leased);

        var ended = await queue.FindAsync(job.Id);
        Assert.Equal(3 * Second, ended.FinishedAt - ended.StartedAt);
        Assert.Equal(3 * Second, (await done.Task.WaitAsync(Soon, Ct)).Duration);
    }

    [Fact]
    public async Task Nothing_of_the_future_counts_towards_a_limit_after_a_restart()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 3, null));
        await queue.SubmitAsync(acme, 3);
        queue.Time.SetHands(-Hour);
        Assert.Equal(3, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.RestartAsync();
        Assert.Equal(0, (await queue.UsageAsync(acme)).AcceptedLastMinute);
        await queue.SubmitAsync(acme, 2);
        await queue.RestartAsync();
        Assert.Equal(2, (await queue.UsageAsync(acme)).AcceptedLastMinute);
    }

    [Fact]
    public async Task Field_left_out_equals_the_default_in_force_at_the_first_request()
    {
        var retries = 5;
        await using var queue = await StartAsync(services => services.Configure<RetriesOptions>(options => options.MaxRetries = retries));
        var acme = await queue.TenantAsync("acme");
        Submission Request(string key, int? given)
        {
            var submission = Some.Submission(acme) with { IdempotencyKey = key, MaxRetries = given ?? retries };
            return submission with
            {
                RequestHash = RequestHash.Of(submission, default),
                HashUnderDefault = given is null ? other => RequestHash.Of(submission with { MaxRetries = other }, default) : null,
            };
        }

        async Task<bool> IsRepeat(string key, int? given) => await queue.Store.SubmitAsync(Request(key, given), Ct) is SubmitResult.Replayed;

        await queue.SubmitAsync(Request("left out", null));
        await queue.SubmitAsync(Request("seven", 7));
        Assert.True(await IsRepeat("left out", null));
        retries = 7;
        await queue.RestartAsync();

        Assert.True(await IsRepeat("left out", null));
        Assert.True(await IsRepeat("left out", 5));
        Assert.False(await IsRepeat("left out", 7));
        Assert.True(await IsRepeat("seven", 7));
        Assert.False(await IsRepeat("seven", null));
    }
}
