using JobQueue.Api.Requests;
using Microsoft.Extensions.Primitives;

namespace JobQueue.Tests.Api.Requests;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("order-17", "order-17")]
    [InlineData("two words", "two words")]
    [InlineData("\"order-17\"", "order-17")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("a\"b", "a\"b")]
    public void Key_stands_bare_or_quoted(string header, string key) =>
        Assert.Equal(key, IdempotencyKey.FromHeader(header).Value);

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"open")]
    [InlineData("\"a\"b")]
    [InlineData("\"a\\x\"")]
    [InlineData("\"a\\")]
    [InlineData("é")]
    [InlineData("a\tb")]
    public void What_is_no_key_is_refused(string header) =>
        Assert.Equal(["Idempotency-Key"], IdempotencyKey.FromHeader(header).Problem!.Errors!.Keys);

    [Fact]
    public void Key_has_at_most_255_characters()
    {
        Assert.Null(IdempotencyKey.FromHeader(new string('x', 255)).Problem);
        Assert.NotNull(IdempotencyKey.FromHeader(new string('x', 256)).Problem);
    }

    [Fact]
    public void No_header_is_no_key()
    {
        var none = IdempotencyKey.FromHeader(StringValues.Empty);

        Assert.Null(none.Value);
        Assert.Null(none.Problem);
    }

    [Fact]
    public void Two_headers_are_refused() => Assert.NotNull(IdempotencyKey.FromHeader(new StringValues(["a", "a"])).Problem);
}
