using JobQueue.Jobs.Targets;

namespace JobQueue.Tests.Jobs.Targets;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 6, 8, 49, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 007\t", 7)]
    [InlineData("0", 0)]
    [InlineData("2147483648", 2_147_483_648)]
    [InlineData("00000000000000000000000000001", 1)]
    [InlineData("Fri, 06 Nov 2026 08:49:37 GMT", 30)]
    [InlineData("Friday, 06-Nov-26 08:49:37 GMT", 30)]
    [InlineData("Fri Nov  6 08:49:37 2026", 30)]
    [InlineData("Sun Nov 15 08:49:07 2026", 9 * 86_400)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 0)]
    public void Seconds_and_the_three_forms_of_a_date_are_read(string value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Read(value, Now));

    [Theory]
    [InlineData("99999999999999999999999999999999999999999999")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public void Wish_without_measure_is_the_longest_there_is(string value) =>
        Assert.Equal(TimeSpan.FromDays(36_525), RetryAfter.Read(value, Now));

    [Theory]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("120, 120")]
    [InlineData("120s")]
    [InlineData("\"120\"")]
    [InlineData("٣")]
    [InlineData("2026-11-06T08:49:37Z")]
    [InlineData("Mon, 06 Nov 2026 08:49:37 GMT")]
    [InlineData("Fri, 06 Nov 2026 08:49:37 EST")]
    [InlineData("Fri, 06 Nov 2026 08:49:37 +0000")]
    [InlineData("soon")]
    public void Anything_else_is_no_wish(string value) => Assert.Null(RetryAfter.Read(value, Now));

    [Fact]
    public void Raw_value_of_an_answer_is_read_and_two_lines_are_a_list()
    {
        using var answer = new HttpResponseMessage();
        Assert.Null(RetryAfter.Of(answer.Headers, Now));
        answer.Headers.TryAddWithoutValidation("Retry-After", "99999999999");
        Assert.Equal(TimeSpan.FromDays(36_525), RetryAfter.Of(answer.Headers, Now));
        answer.Headers.TryAddWithoutValidation("retry-after", "60");
        Assert.Null(RetryAfter.Of(answer.Headers, Now));
    }
}
