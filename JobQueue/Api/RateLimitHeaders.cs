using System.Globalization;
using JobQueue.Tenants;

namespace JobQueue.Api;

/// <summary>
/// What is left of a tenant's limits, in the fields of draft-ietf-httpapi-ratelimit-headers: <c>q</c> quota, <c>w</c> window in
/// seconds, <c>r</c> remaining, <c>t</c> seconds until there is more. Nothing is sent where there is no limit.
/// </summary>
internal static class RateLimitHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string Limit = "RateLimit";

    private const int WindowSeconds = 60;

    public static void Write(HttpResponse response, TenantUsage usage)
    {
        var perMinute = usage.Limits.MaxNewPerMinute;
        var pending = usage.Limits.MaxPending;
        if (perMinute is null && pending is null)
            return;
        var culture = CultureInfo.InvariantCulture;
        var policy = perMinute is null ? "" : string.Create(culture, $"\"per-minute\";q={perMinute};w={WindowSeconds}");
        var limit = "";
        if (usage.RemainingThisMinute is { } remaining)
        {
            // The window slides: what is used now has all come back when it has passed once.
            var more = remaining == 0 ? WholeSeconds(usage.NextAcceptance) : WindowSeconds;
            limit = string.Create(culture, $"\"per-minute\";r={remaining};t={more}");
        }

        if (pending is { } most)
        {
            var separator = perMinute is null ? "" : ", ";
            policy += string.Create(culture, $"{separator}\"pending\";q={most}");
            limit += string.Create(culture, $"{separator}\"pending\";r={Math.Max(0, most - usage.Pending)}");
        }

        response.Headers[Policy] = policy;
        response.Headers[Limit] = limit;
    }

    public static void WriteRetryAfter(HttpResponse response, TimeSpan wait) =>
        response.Headers.RetryAfter = WholeSeconds(wait).ToString(CultureInfo.InvariantCulture);

    /// <summary>Rounded up, so that the wait is over when they are; at least one.</summary>
    private static long WholeSeconds(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
}
