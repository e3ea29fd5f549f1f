using CsCheck;
using JobQueue.Jobs.Attempts;

namespace JobQueue.Tests.Jobs.Attempts;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Default = new RetriesOptions().ToPolicy();

    private static readonly Gen<RetryPolicy> Policies = Gen.Select(
        Gen.Double[0, 86_400], Gen.Double[1, 100], Gen.Double[0, 2_592_000],
        (baseDelay, factor, max) => new RetryPolicy(TimeSpan.FromSeconds(baseDelay), factor, TimeSpan.FromSeconds(max)));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 15)]
    [InlineData(3, 45)]
    [InlineData(4, 135)]
    [InlineData(5, 405)]
    [InlineData(7, 3600)]
    [InlineData(100, 3600)]
    public void Delay_is_the_formula_in_the_middle_of_its_spread(int retry, double seconds)
    {
        Assert.Equal(seconds, Default.DelayBefore(retry, 0.5, null).TotalSeconds, 3);
        Assert.Equal(seconds * 0.75, Default.DelayBefore(retry, 0, null).TotalSeconds, 3);
        Assert.InRange(Default.DelayBefore(retry, 0.999_999, null).TotalSeconds, seconds * 1.24, seconds * 1.25);
    }

    [Fact]
    public void Delay_is_within_25_percent_of_the_formula_and_never_infinite() =>
        Gen.Select(Policies, Gen.Int[1, 1000], Gen.Double[0, 0.999_999]).Sample((policy, retry, random) =>
        {
            var middle = policy.BaseDelay == TimeSpan.Zero
                ? 0
                : Math.Min(policy.MaxDelay.TotalSeconds, policy.BaseDelay.TotalSeconds * Math.Pow(policy.Factor, retry - 1));
            Assert.InRange(policy.DelayBefore(retry, random, null).TotalSeconds, (middle * 0.75) - 0.001, (middle * 1.25) + 0.001);
        });

    [Fact]
    public void Same_arguments_give_the_same_delay_and_later_retries_no_shorter_ones() =>
        Gen.Select(Policies, Gen.Int[1, 200], Gen.Double[0, 0.999_999]).Sample((policy, retry, random) =>
        {
            Assert.Equal(policy.DelayBefore(retry, random, null), policy.DelayBefore(retry, random, null));
            Assert.True(policy.DelayBefore(retry + 1, random, null) >= policy.DelayBefore(retry, random, null) - TimeSpan.FromMilliseconds(1));
        });

    [Fact]
    public void Wish_of_the_target_counts_when_it_is_longer()
    {
        Assert.Equal(TimeSpan.FromHours(9), Default.DelayBefore(1, 0, TimeSpan.FromHours(9)));
        Assert.Equal(TimeSpan.FromSeconds(5), Default.DelayBefore(1, 0.5, TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public void Wish_is_spread_upwards_by_a_tenth_and_never_below() => Gen.Double[0, 0.999_999].Sample(random =>
        Assert.InRange(Default.DelayBefore(1, random, TimeSpan.FromSeconds(100)).TotalSeconds, 100, 110));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1.05)]
    public void Wish_is_followed_for_a_day_at_most(double random, double days)
    {
        Assert.Equal(days, Default.DelayBefore(1, random, TimeSpan.FromSeconds(2_147_483_647)).TotalDays, 6);
        Assert.Equal(days, Default.DelayBefore(1, random, TimeSpan.MaxValue).TotalDays, 6);
    }

    /// <summary>Else all that reach the longest delay come back in one moment.</summary>
    [Fact]
    public void Longest_delay_is_spread_too() =>
        Assert.NotEqual(Default.DelayBefore(50, 0.1, null), Default.DelayBefore(50, 0.9, null));

    [Fact]
    public void Retries_are_counted_from_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Default.DelayBefore(0, 0.5, null));
}
