using JobQueue.Jobs.Targets;

namespace JobQueue.Tests.Jobs.Targets;

public sealed class HttpCallRulesTests
{
    [Theory]
    [InlineData("GET")]
    [InlineData("post")]
    [InlineData("PURGE")]
    public void Method_is_a_word(string method) => Assert.Null(HttpCallRules.MethodError(method));

    [Theory]
    [InlineData("")]
    [InlineData("GET /")]
    [InlineData("POST\r\nX: y")]
    [InlineData("connect")]
    [InlineData("TRACE")]
    public void Method_that_is_none_is_refused(string method) => Assert.NotNull(HttpCallRules.MethodError(method));

    [Theory]
    [InlineData("X-Api-Key", "k 1")]
    [InlineData("Authorization", "Bearer t")]
    [InlineData("traceparent", "")]
    [InlineData("X-Name", "Zoë")]
    public void Header_of_ones_own_is_taken(string name, string value) => Assert.Null(HttpCallRules.HeaderError(name, value));

    [Theory]
    [InlineData("", "v")]
    [InlineData("X Y", "v")]
    [InlineData("X:", "v")]
    [InlineData("X\r\nY", "v")]
    [InlineData("É", "v")]
    [InlineData("X", "a\r\nY: b")]
    [InlineData("X", "a\nb")]
    [InlineData("X", "a\0")]
    [InlineData("Host", "v")]
    [InlineData("content-length", "3")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "close")]
    [InlineData("upgrade", "v")]
    [InlineData("TE", "v")]
    [InlineData("Trailer", "v")]
    [InlineData("Proxy-Authorization", "v")]
    [InlineData("Webhook-Id", "v")]
    public void Header_that_would_change_the_message_is_refused(string name, string value) =>
        Assert.NotNull(HttpCallRules.HeaderError(name, value));
}
