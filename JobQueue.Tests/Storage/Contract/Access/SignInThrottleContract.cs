using System.Net;
using JobQueue.Access.Sessions;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Access;

/// <summary>How often one may try to sign in.</summary>
public abstract class SignInThrottleContract(StoreProvider provider) : StoreContract(provider)
{
    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.9");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("203.0.113.10");

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Account_takes_five_tries_at_once_and_then_one_a_minute()
    {
        await using var queue = await StartAsync();
        Assert.All(await TryAsync(queue, "ada", Here, times: 5), wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.Equal(Minute, await TakeAsync(queue, "ADA", Here));

        queue.Time.Advance(59 * Second);
        Assert.Equal(Second, await TakeAsync(queue, "ada", Here));
        queue.Time.Advance(Second);
        Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, "ada", Here));
        Assert.Equal(Minute, await TakeAsync(queue, "ada", Here));

        queue.Time.Advance(5 * Minute);
        Assert.All(await TryAsync(queue, "ada", Here, times: 5), wait => Assert.Equal(TimeSpan.Zero, wait));
    }

    [Fact]
    public async Task Stranger_shuts_the_account_only_where_the_stranger_is()
    {
        await using var queue = await StartAsync();
        await TryAsync(queue, "ada", Here, times: 9);

        Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, "ada", Elsewhere));
        Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, "bob", Here));
    }

    [Fact]
    public async Task Address_takes_thirty_tries_at_once_over_all_names_and_an_own_account_hides_none()
    {
        await using var queue = await StartAsync();
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, "mallory", Here));
            await Throttle(queue).ForgiveAsync("mallory", Here, Ct);
            Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, $"name-{i}", Here));
        }

        Assert.Equal(2 * Second, await TakeAsync(queue, "another", Here));
        Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, "another", Elsewhere));
    }

    [Fact]
    public async Task Right_password_and_a_try_that_was_not_looked_at_give_back_what_they_took()
    {
        await using var queue = await StartAsync();
        await TryAsync(queue, "ada", Here, times: 5);
        await Throttle(queue).ForgiveAsync("ada", Here, Ct);
        Assert.All(await TryAsync(queue, "ada", Here, times: 5), wait => Assert.Equal(TimeSpan.Zero, wait));

        await Throttle(queue).GiveBackAsync("ada", Here, Ct);
        Assert.Equal(TimeSpan.Zero, await TakeAsync(queue, "ada", Here));
        Assert.Equal(Minute, await TakeAsync(queue, "ada", Here));
    }

    [Fact]
    public async Task Hundred_tries_at_once_are_as_bounded_as_a_hundred_in_a_row()
    {
        await using var queue = await StartAsync();

        var waits = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => TakeAsync(queue, "ada", Here)));

        Assert.Equal(5, waits.Count(wait => wait == TimeSpan.Zero));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", true)]
    [InlineData("203.0.113.9", "::ffff:203.0.113.9", false)]
    public async Task Addresses_of_one_network_count_together(string first, string second, bool free)
    {
        await using var queue = await StartAsync();
        await TryAsync(queue, "ada", IPAddress.Parse(first), times: 5);

        Assert.Equal(free, await TakeAsync(queue, "ada", IPAddress.Parse(second)) == TimeSpan.Zero);
    }

    private static ISignInThrottle Throttle(TestQueue queue) => queue.Services.GetRequiredService<ISignInThrottle>();

    private static Task<TimeSpan> TakeAsync(TestQueue queue, string name, IPAddress address) =>
        Throttle(queue).TakeAsync(name, address, Ct).AsTask();

    private static async Task<List<TimeSpan>> TryAsync(TestQueue queue, string name, IPAddress address, int times)
    {
        var waits = new List<TimeSpan>();
        for (var i = 0; i < times; i++)
            waits.Add(await TakeAsync(queue, name, address));
        return waits;
    }
}
