using JobQueue.Jobs.Targets;

namespace JobQueue.Tests.Jobs.Targets;

public sealed class HttpTargetTests
{
    [Theory]
    [InlineData("https://example.com/a?b=c#d", "https://example.com:443")]
    [InlineData("HTTP://Example.COM", "http://example.com:80")]
    [InlineData("http://example.com:8080/", "http://example.com:8080")]
    [InlineData("http://example.com.:80/", "http://example.com:80")]
    [InlineData("https://Bücher.example/", "https://xn--bcher-kva.example:443")]
    [InlineData("https://ЖУК.example/", "https://xn--f1ai0a.example:443")]
    [InlineData("http://127。0。0。1/", "http://127.0.0.1:80")]
    [InlineData("http://127.1/", "http://127.0.0.1:80")]
    [InlineData("http://0x7f000001/", "http://127.0.0.1:80")]
    [InlineData("http://[2001:DB8:0::1]:81/", "http://[2001:db8::1]:81")]
    public void Spellings_of_one_target_are_one(string url, string target)
    {
        Assert.Equal(target, HttpTarget.Of(url)?.ToString());
        Assert.Null(HttpCallRules.UrlError(url));
    }

    [Theory]
    [InlineData("", "must have 1 to 8,000 characters.")]
    [InlineData("example.com", "must begin with http:// or https://.")]
    [InlineData("ftp://example.com/", "must begin with http:// or https://.")]
    [InlineData("http:example.com", "must begin with http:// or https://.")]
    [InlineData("http:///path", "is not a URL.")]
    [InlineData("http://example.com:70000/", "is not a URL.")]
    [InlineData("http://example.com:0/", "must not name the port 0.")]
    [InlineData("http://user:word@example.com/", "must not contain a user name or password; send them in a header.")]
    [InlineData("http://@example.com/", "must not contain a user name or password; send them in a header.")]
    [InlineData("http://[fe80::1%25eth0]/", "must not contain '%' in its host.")]
    [InlineData("http://example.com/a b", "must not contain spaces, line breaks or other control characters.")]
    [InlineData(" http://example.com/", "must not contain spaces, line breaks or other control characters.")]
    [InlineData("http://example.com/\r\nX: y", "must not contain spaces, line breaks or other control characters.")]
    [InlineData("http://example.com\\@other.example/", "must not contain a backslash.")]
    [InlineData("http://xn--é.example/", "names a host that cannot be.")]
    public void Url_that_cannot_be_called_is_told_why(string url, string error)
    {
        Assert.Equal(error, HttpCallRules.UrlError(url));
        Assert.Null(HttpTarget.Of(url));
    }

    [Fact]
    public void What_follows_the_host_may_hold_what_the_host_may_not() =>
        Assert.Null(HttpCallRules.UrlError("https://example.com/~a%20b/@c?d=e@f.example&g=%25"));
}
