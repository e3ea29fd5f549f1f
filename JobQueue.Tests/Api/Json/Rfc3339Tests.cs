using System.Globalization;
using System.Text;
using CsCheck;
using JobQueue.Api.Json;

namespace JobQueue.Tests.Api.Json;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z")]
    [InlineData("2026-01-31t12:00:00z", "2026-01-31T12:00:00.000Z")]
    [InlineData("2026-01-31 12:00:00Z", "2026-01-31T12:00:00.000Z")]
    [InlineData("2026-01-31T12:00:00.1Z", "2026-01-31T12:00:00.100Z")]
    [InlineData("2026-01-31T12:00:00.123999999999Z", "2026-01-31T12:00:00.123Z")]
    [InlineData("2026-01-31T00:30:00+01:00", "2026-01-30T23:30:00.000Z")]
    [InlineData("2026-01-31T12:00:00-23:59", "2026-02-01T11:59:00.000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z")]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    public void Time_is_read_in_every_form_of_the_standard(string text, string written)
    {
        Assert.True(Rfc3339.TryParse(text, out var time));
        Assert.Equal(written, Write(time));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T12:00:00")]
    [InlineData("2026-01-31T12:00Z")]
    [InlineData("2026-01-31T12:00:00.Z")]
    [InlineData("2026-01-31T12:00:00+0100")]
    [InlineData("2026-01-31T12:00:00+24:00")]
    [InlineData("2026-01-31T12:00:00ZZ")]
    [InlineData("2026-1-31T12:00:00Z")]
    [InlineData("2026-02-29T12:00:00Z")]
    [InlineData("2026-13-01T12:00:00Z")]
    [InlineData("2026-01-31T24:00:00Z")]
    [InlineData("2026-01-31T12:60:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("Sat, 31 Jan 2026 12:00:00 GMT")]
    public void What_is_no_time_with_its_offset_is_refused(string text) => Assert.False(Rfc3339.TryParse(text, out _));

    [Fact]
    public void What_is_written_reads_back_the_same_to_the_millisecond() =>
        Gen.Long[DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks].Sample(ticks =>
        {
            var time = new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
            Assert.True(Rfc3339.TryParse(Write(time), out var read));
            Assert.Equal(time, read);
        });

    [Fact]
    public void No_text_makes_the_parser_fail() =>
        Gen.String[Gen.OneOf(Gen.Char["0123456789-:.+TZ "], Gen.Char), 0, 40].Sample(text =>
        {
            if (Rfc3339.TryParse(text, out var time) && !text.Contains(":60", StringComparison.Ordinal))
                Assert.True(DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) || time != default);
        });

    private static string Write(DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[Rfc3339.WrittenLength];
        Rfc3339.Write(time, text);
        return Encoding.ASCII.GetString(text);
    }
}
