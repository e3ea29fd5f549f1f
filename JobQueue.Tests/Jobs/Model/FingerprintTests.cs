using CsCheck;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Jobs.Model;

public sealed class FingerprintTests
{
    [Theory]
    [InlineData("Order 17 not found", "Order 4711 not found")]
    [InlineData("took 1.5 s, 2,000 rows", "took 27.25 s, 13 rows")]
    [InlineData("job 01900000-0000-7000-8000-000000000000 died", "job 0190AAAA-bbbb-7000-8000-0000000000ff died")]
    [InlineData("at 0x7ffe12", "at 0xdeadbeef")]
    [InlineData("commit 3f2c91a is gone", "commit 99ab00c1d2 is gone")]
    [InlineData("10.0.0.1:80 refused", "192.168.7.200:65000 refused")]
    public void Failures_that_differ_in_numbers_and_ids_are_of_one_kind(string one, string other) =>
        Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("Order not found", "Invoice not found")]
    [InlineData("feed facade", "feed decade")]
    [InlineData("", "x")]
    public void Failures_that_differ_in_words_are_of_different_kinds(string one, string other) =>
        Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void Type_of_job_and_type_of_error_tell_kinds_apart()
    {
        var all = new[] { Of("no"), Of("no", jobType: "other"), Of("no", errorType: "Other"), Of("no", errorType: null) };
        Assert.Equal(4, all.Distinct().Count());
    }

    [Fact]
    public void Any_message_has_16_hexadecimal_digits() =>
        Gen.String.Sample(message => Assert.Matches("^[0-9a-f]{16}$", Of(message)));

    [Theory]
    [InlineData("facade", "facade")]
    [InlineData("12345678-1234-", "87654321-4321-")]
    [InlineData("0x", "0x")]
    [InlineData("1,", "2,")]
    public void Long_messages_are_read_to_their_end(string part, string other)
    {
        var (message, alike) = (Long(part), Long(other));

        Assert.Equal(Of(message), Of(alike));
        Assert.NotEqual(Of(message), Of(message + "!"));

        static string Long(string part) => string.Concat(Enumerable.Repeat(part, 8000 / part.Length));
    }

    private static string Of(string message, string jobType = "echo", string? errorType = "TestError") =>
        Fingerprint.Of(jobType, new JobError(message, errorType));
}
