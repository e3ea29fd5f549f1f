using JobQueue.Api.Requests;

namespace JobQueue.Tests.Api.Requests;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; Charset=\"UTF-8\"", true)]
    [InlineData("application/json;charset=utf8", true)]
    [InlineData("application/vnd.acme.job+json", true)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("application/json; charset=iso-8859-1", false)]
    [InlineData("text/json", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/xml", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("nonsense", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Json_in_utf8_is_taken_and_nothing_else(string? contentType, bool taken) =>
        Assert.Equal(taken, RequestBody.IsJson(contentType));
}
