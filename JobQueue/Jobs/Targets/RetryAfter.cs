using System.Globalization;
using System.Net.Http.Headers;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Jobs.Targets;

/// <summary>
/// How long a target asks to be left alone: the header <c>Retry-After</c> (RFC 9110, section 10.2.3), read from its raw value. The
/// framework's own reading knows no seconds beyond 31 bits, and would come back soonest where the longest wait was asked for. Pure.
/// </summary>
public static class RetryAfter
{
    private const string Header = "Retry-After";

    /// <summary>More digits than these are longer than anything that is waited for.</summary>
    private const int MaxDigits = 12;

    /// <summary>The three forms of a date: the one to be sent, and those of RFC 850 and of C, which are still to be read.</summary>
    private static readonly string[] DateForms =
        ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>What an answer asks for. To be asked before anything reads the header's typed value, which rewrites it.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now) =>
        headers.NonValidated.TryGetValues(Header, out var raw) ? Read(raw.ToString(), now) : null;

    /// <summary>Reads the header's value: whole seconds of any length, or a date.</summary>
    /// <returns>
    /// Zero at least (a date may have gone by) and 100 years at most; <see langword="null"/> for anything else, such as a fraction or
    /// a list, which is no wish at all.
    /// </returns>
    public static TimeSpan? Read(string value, DateTimeOffset now)
    {
        var text = value.AsSpan().Trim(" \t");
        if (text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9'))
        {
            var digits = text.TrimStart('0');
            return digits.Length > MaxDigits ? SubmissionRules.MaxDelay
                : Bounded(digits.IsEmpty ? 0 : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return DateTimeOffset.TryParseExact(
            text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var date)
            ? Bounded((date - now).TotalSeconds)
            : null;
    }

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, SubmissionRules.MaxDelaySeconds));
}
