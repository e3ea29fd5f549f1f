using JobQueue.Api;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Http;

namespace JobQueue.Tests.Api;

public sealed class RateLimitHeadersTests
{
    [Fact]
    public void What_is_left_is_told_with_the_policy()
    {
        var headers = Write(new TenantUsage(new TenantLimits(5, 10, null), 0, 1, 1, TimeSpan.Zero));

        Assert.Equal("\"per-minute\";q=10;w=60", headers[RateLimitHeaders.Policy]);
        Assert.Equal("\"per-minute\";r=9;t=60", headers[RateLimitHeaders.Limit]);
    }

    [Fact]
    public void With_nothing_left_the_time_to_the_next_acceptance_is_told()
    {
        var headers = Write(new TenantUsage(new TenantLimits(5, 10, 100), 0, 10, 40, TimeSpan.FromMilliseconds(6_001)));

        Assert.Equal("\"per-minute\";q=10;w=60, \"pending\";q=100", headers[RateLimitHeaders.Policy]);
        Assert.Equal("\"per-minute\";r=0;t=7, \"pending\";r=60", headers[RateLimitHeaders.Limit]);
    }

    [Fact]
    public void Without_a_limit_nothing_is_told() =>
        Assert.Empty(Write(new TenantUsage(TenantLimits.None, 0, 10, 40, TimeSpan.Zero)));

    [Theory]
    [InlineData(0, "1")]
    [InlineData(1, "1")]
    [InlineData(1_000, "1")]
    [InlineData(1_001, "2")]
    [InlineData(59_999, "60")]
    public void Retry_after_is_in_whole_seconds_and_never_too_short(int milliseconds, string expected)
    {
        var context = new DefaultHttpContext();

        RateLimitHeaders.WriteRetryAfter(context.Response, TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(expected, context.Response.Headers.RetryAfter);
    }

    private static IHeaderDictionary Write(TenantUsage usage)
    {
        var context = new DefaultHttpContext();
        RateLimitHeaders.Write(context.Response, usage);
        return context.Response.Headers;
    }
}
