using System.Globalization;

namespace JobQueue.Api.Json;

/// <summary>Times as the API speaks them: RFC 3339, written in UTC with milliseconds and <c>Z</c>.</summary>
internal static class Rfc3339
{
    /// <summary>Characters of a written time: <c>2026-01-31T23:59:59.999Z</c>.</summary>
    public const int WrittenLength = 24;

    /// <summary>
    /// Reads a time with its offset, which is required: a time without one means something else at every place. Fractions finer
    /// than a millisecond are cut off. A leap second reads as the second after it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < "2026-01-31T23:59:59Z".Length
            || !TryNumber(text[..4], out var year) || text[4] != '-'
            || !TryNumber(text[5..7], out var month) || text[7] != '-'
            || !TryNumber(text[8..10], out var day) || text[10] is not ('T' or 't' or ' ')
            || !TryNumber(text[11..13], out var hour) || text[13] != ':'
            || !TryNumber(text[14..16], out var minute) || text[16] != ':'
            || !TryNumber(text[17..19], out var second)
            || year is 0 || month is 0 or > 12 || day is 0 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60
            || !TryFraction(text[19..], out var milliseconds, out var rest)
            || !TryOffset(rest, out var offset))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks
            + ((second * TimeSpan.TicksPerSecond) + (milliseconds * TimeSpan.TicksPerMillisecond) - offset.Ticks);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        return true;
    }

    /// <summary>Writes into at least <see cref="WrittenLength"/> bytes.</summary>
    public static void Write(DateTimeOffset time, Span<byte> destination) =>
        time.UtcDateTime.TryFormat(destination, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static bool TryFraction(ReadOnlySpan<char> text, out int milliseconds, out ReadOnlySpan<char> rest)
    {
        milliseconds = 0;
        rest = text;
        if (text is not ['.', .. var digits])
            return true;
        var length = digits.IndexOfAnyExceptInRange('0', '9');
        if (length is 0 or -1)
            return false;
        for (int i = 0, weight = 100; i < Math.Min(3, length); i++, weight /= 10)
            milliseconds += (digits[i] - '0') * weight;
        rest = digits[length..];
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (text is "Z" or "z")
            return true;
        if (text is not ['+' or '-', _, _, ':', _, _]
            || !TryNumber(text[1..3], out var hours) || hours > 23
            || !TryNumber(text[4..6], out var minutes) || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        if (text[0] == '-')
            offset = -offset;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int value) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
