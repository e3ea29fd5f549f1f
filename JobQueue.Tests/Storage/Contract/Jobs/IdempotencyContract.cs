using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Jobs;

/// <summary>A request that is sent again makes no second job.</summary>
public abstract class IdempotencyContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Repeat_of_a_request_is_answered_with_the_first_job()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Keyed(acme, "order-1"));

        Assert.Equal(new SubmitResult.Replayed(job.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "order-1"), Ct));
        await queue.FinishAsync(await queue.LeaseOneAsync());
        Assert.Equal(new SubmitResult.Replayed(job.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "order-1"), Ct));
        Assert.Equal("order-1", (await queue.FindAsync(job.Id)).IdempotencyKey);
        Assert.Empty(await queue.LeaseAsync(Some.Wish()));
    }

    [Fact]
    public async Task Key_of_another_request_is_refused_with_the_first_job()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Keyed(acme, "order-1"));
        Assert.Equal(new SubmitResult.KeyReused(job.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "order-1", "[]"), Ct));
    }

    [Fact]
    public async Task Racing_repeats_make_one_job()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        for (var round = 0; round < 5; round++)
        {
            var key = $"race-{round}";
            var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
                () => i % 8 == 0 ? SubmitAsBatchAsync(queue, Some.Keyed(acme, key)) : queue.Store.SubmitAsync(Some.Keyed(acme, key), Ct), Ct)));
            var job = Assert.Single(results.OfType<SubmitResult.Accepted>()).Job;
            Assert.All(results.Where(result => result is not SubmitResult.Accepted), result => Assert.Equal(new SubmitResult.Replayed(job.Id), result));
        }

        Assert.Equal(5, (await queue.LeaseAsync(Some.Wish(100))).Count);

        static async Task<SubmitResult> SubmitAsBatchAsync(TestQueue queue, Submission submission) =>
            Assert.Single(Assert.IsType<BatchSubmitResult.Accepted>(await queue.Store.SubmitManyAsync([submission], Ct)).Items);
    }

    [Fact]
    public async Task Keys_belong_to_their_tenant()
    {
        await using var queue = await StartAsync();
        var (acme, globex) = (await queue.TenantAsync("acme"), await queue.TenantAsync("globex"));
        var first = await queue.SubmitAsync(Some.Keyed(acme, "k"));
        var second = await queue.SubmitAsync(Some.Keyed(globex, "k", "[]"));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(new SubmitResult.Replayed(second.Id), await queue.Store.SubmitAsync(Some.Keyed(globex, "k", "[]"), Ct));
    }

    [Fact]
    public async Task Batch_answers_repeated_members_and_makes_the_others()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 4, null));
        var job = await queue.SubmitAsync(Some.Keyed(acme, "known"));

        var batch = Assert.IsType<BatchSubmitResult.Accepted>(await queue.Store.SubmitManyAsync(
            [Some.Submission(acme), Some.Keyed(acme, "known"), Some.Keyed(acme, "new")], Ct));

        Assert.IsType<SubmitResult.Accepted>(batch.Items[0]);
        Assert.Equal(new SubmitResult.Replayed(job.Id), batch.Items[1]);
        Assert.IsType<SubmitResult.Accepted>(batch.Items[2]);
        Assert.Equal(3, batch.Usage.AcceptedLastMinute);
        Assert.Equal(3, (await queue.LeaseAsync(Some.Wish(10))).Count);
    }

    [Fact]
    public async Task Batch_with_a_reused_key_is_refused_whole_with_its_index()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme");
        var job = await queue.SubmitAsync(Some.Keyed(acme, "known"));
        await queue.FinishAsync(await queue.LeaseOneAsync());

        var result = await queue.Store.SubmitManyAsync(
            [Some.Submission(acme), Some.Keyed(acme, "fresh"), Some.Keyed(acme, "known", "[]"), Some.Keyed(acme, "known")], Ct);

        Assert.Equal(new BatchSubmitResult.KeyReused(2, job.Id), result);
        Assert.Empty(await queue.LeaseAsync(Some.Wish(10)));
        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Keyed(acme, "fresh", "[1]"), Ct));
    }

    [Fact]
    public async Task Repeat_costs_no_quota_and_is_answered_over_the_limit()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 1, 1));
        var job = await queue.SubmitAsync(Some.Keyed(acme, "k"));

        for (var i = 0; i < 3; i++)
            Assert.Equal(new SubmitResult.Replayed(job.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "k"), Ct));
        var batch = Assert.IsType<BatchSubmitResult.Accepted>(await queue.Store.SubmitManyAsync([Some.Keyed(acme, "k")], Ct));
        Assert.Equal(new SubmitResult.Replayed(job.Id), Assert.Single(batch.Items));
        Assert.Equal(1, batch.Usage.AcceptedLastMinute);
        Assert.Equal(new SubmitResult.KeyReused(job.Id), await queue.Store.SubmitAsync(Some.Keyed(acme, "k", "[]"), Ct));
    }

    [Fact]
    public async Task Refusal_does_not_burn_the_key()
    {
        await using var queue = await StartAsync();
        var acme = await queue.TenantAsync("acme", new TenantLimits(null, 1, null));
        await queue.SubmitAsync(acme);
        var refused = Assert.IsType<SubmitResult.OverLimit>(await queue.Store.SubmitAsync(Some.Keyed(acme, "k"), Ct));

        await queue.LiveAsync(refused.Usage.NextAcceptance);

        Assert.IsType<SubmitResult.Accepted>(await queue.Store.SubmitAsync(Some.Keyed(acme, "k", "[]"), Ct));
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
