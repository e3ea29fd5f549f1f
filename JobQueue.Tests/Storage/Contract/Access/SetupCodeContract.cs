using JobQueue.Access.Bootstrap;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Access;

/// <summary>The setup code that all processes of a database share.</summary>
public abstract class SetupCodeContract(StoreProvider provider) : StoreContract(provider)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task Only_the_first_process_makes_a_code_and_the_others_say_where_it_was_printed()
    {
        await using var queue = await StartAsync();
        var (one, two) = (CodeOf(queue, "one"), CodeOf(queue, "two"));
        var now = queue.Time.GetUtcNow();

        Assert.Equal(new SetupNotice.Code("AAAA"), await one.OfferAsync("AAAA", Ct));
        Assert.Equal(new SetupNotice.PrintedBy("one", now, now + Day), await two.OfferAsync("BBBB", Ct));

        Assert.True(await one.IsGoodAsync("AAAA", Ct));
        Assert.True(await two.IsGoodAsync("AAAA", Ct));
        Assert.False(await two.IsGoodAsync("BBBB", Ct));
    }

    [Fact]
    public async Task Of_processes_that_start_at_once_one_makes_the_code()
    {
        await using var queue = await StartAsync();

        var notices = await Task.WhenAll(Enumerable.Range(1, 4).Select(number => CodeOf(queue, $"p{number}").OfferAsync($"CODE{number}", Ct)));

        var code = Assert.Single(notices.OfType<SetupNotice.Code>()).Text;
        Assert.All(notices.OfType<SetupNotice.PrintedBy>(), notice => Assert.Equal($"p{code[^1]}", notice.Process));
        Assert.True(await CodeOf(queue, "p5").IsGoodAsync(code, Ct));
    }

    [Fact]
    public async Task Code_is_good_for_a_day_and_then_the_next_process_makes_another()
    {
        await using var queue = await StartAsync();
        var (one, two) = (CodeOf(queue, "one"), CodeOf(queue, "two"));
        await one.OfferAsync("AAAA", Ct);

        queue.Time.Advance(Day - Second);
        Assert.True(await two.IsGoodAsync("AAAA", Ct));
        queue.Time.Advance(Second);
        Assert.False(await two.IsGoodAsync("AAAA", Ct));

        Assert.Equal(new SetupNotice.Code("BBBB"), await two.OfferAsync("BBBB", Ct));
        Assert.True(await one.IsGoodAsync("BBBB", Ct));
        Assert.False(await one.IsGoodAsync("AAAA", Ct));
    }

    [Fact]
    public async Task Code_is_stored_nowhere()
    {
        await using var queue = await StartAsync();
        await CodeOf(queue, "one").OfferAsync("ABCD-EFGH", Ct);

        await queue.StopAsync();

        var text = await queue.Storage.ReadAllAsync(Ct);
        Assert.DoesNotContain("ABCD-EFGH", text, StringComparison.Ordinal);
        Assert.Contains("setup_code", text, StringComparison.Ordinal);
    }

    private static StoredSetupCode CodeOf(TestQueue queue, string process) =>
        ActivatorUtilities.CreateInstance<StoredSetupCode>(queue.Services, new JobQueue.Jobs.Leases.ServerProcess(process));
}
