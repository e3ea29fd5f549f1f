using System.Globalization;

namespace JobQueue.Dashboard.Shared.Text;

/// <summary>How numbers and spans of time are written for people. Pure.</summary>
internal static class Amounts
{
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count that stops at a bound.</summary>
    public static string Bounded(int count, int bound) => count >= bound ? $"{Count(bound)}+" : Count(count);

    public static string Of(int count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    public static string Rate(double perMinute) => perMinute switch
    {
        0 => "0",
        < 10 => perMinute.ToString("0.0", CultureInfo.InvariantCulture),
        _ => Count((long)Math.Round(perMinute)),
    };

    public static string Percent(double share) => share is > 0 and < 0.001
        ? "<0.1 %"
        : (share * 100).ToString(share is 0 or >= 0.1 ? "0" : "0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>Two units at most: <c>840 ms</c>, <c>12.4 s</c>, <c>3 min 20 s</c>, <c>2 d 4 h</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "0 ms",
        { TotalMilliseconds: < 1000 } => $"{span.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms",
        { TotalSeconds: < 60 } => $"{span.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
        { TotalHours: < 1 } => Two(span.Minutes, "min", span.Seconds, "s"),
        { TotalDays: < 1 } => Two(span.Hours, "h", span.Minutes, "min"),
        _ => Two((int)span.TotalDays, "d", span.Hours, "h"),
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{(bytes / 1024.0).ToString("0.#", CultureInfo.InvariantCulture)} KB",
        _ => $"{(bytes / (1024.0 * 1024)).ToString("0.#", CultureInfo.InvariantCulture)} MB",
    };

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
