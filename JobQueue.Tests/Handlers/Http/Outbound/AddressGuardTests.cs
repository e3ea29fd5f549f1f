using System.Net;
using JobQueue.Handlers;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Handlers.Http.Outbound;

/// <summary>Every way into a private network that is known to have worked somewhere: no listener sees so much as a connection.</summary>
public sealed class AddressGuardTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("①②⑦.⓪.⓪.①")]
    [InlineData("127。0。0。1")]
    [InlineData("127.0.0.1.")]
    [InlineData("0")]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("LOCALHOST")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[64:ff9b:1::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[2001:0:7f00:1::]")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.169.254.")]
    [InlineData("[::ffff:a9fe:a9fe]")]
    [InlineData("metadata.example")]
    public async Task Spelling_leads_to_no_private_address(string host)
    {
        using var listener = new RawListener(Ok);
        // Whoever owns a name decides where it leads.
        await using var requests = new HttpRequests([], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback]));

        var error = await requests.FailAtAsync($"http://{host}:{listener.Port}/");

        Assert.Equal((typeof(PermanentJobException), JobErrors.BlockedAddress), (error.GetType(), error.ErrorType));
        Assert.Equal(0, listener.Connections);
    }

    [Theory]
    [InlineData("http://[fe80::1%25eth0]:{0}/")]
    [InlineData("http://[::1%251]:{0}/")]
    [InlineData("http://u@127.0.0.1:{0}/")]
    [InlineData("http://example.com@127.0.0.1:{0}/")]
    [InlineData("http://example.com\\\\@127.0.0.1:{0}/")]
    [InlineData("http:\\\\127.0.0.1:{0}\\")]
    [InlineData("http:127.0.0.1:{0}/")]
    [InlineData("http://127.0.0.1:{0} /")]
    [InlineData("file:///etc/hostname?{0}")]
    public async Task Text_that_two_readers_read_in_two_ways_is_refused(string url)
    {
        using var listener = new RawListener(Ok);
        await using var requests = new HttpRequests([]);

        var error = await requests.FailAtAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, listener.Port));

        Assert.Equal((typeof(PermanentJobException), "invalid_payload"), (error.GetType(), error.ErrorType));
        Assert.Equal(0, listener.Connections);
    }

    [Fact]
    public async Task Redirect_leads_nowhere()
    {
        using var inside = new RawListener(Ok);
        using var outside = new RawListener($"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{inside.Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await using var requests = new HttpRequests([$"127.0.0.1:{outside.Port}", $"127.0.0.1:{inside.Port}"]);

        var error = await requests.FailAtAsync($"http://127.0.0.1:{outside.Port}/");

        Assert.Equal((JobErrors.Redirect, 1, 0), (error.ErrorType, outside.Connections, inside.Connections));
    }

    [Fact]
    public async Task Name_that_leads_elsewhere_the_second_time_is_looked_at_again()
    {
        using var open = new RawListener(Ok, Other);
        using var inside = new RawListener(Ok, port: open.Port);
        var asked = 0;
        await using var requests = new HttpRequests(
            [$"127.0.0.2:{open.Port}"], (_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? Other : IPAddress.Loopback]));

        Assert.Equal(200, (int)(await requests.RunAsync($$"""{"url":"http://moves.example:{{open.Port}}/"}"""))["status"]!);
        var error = await requests.FailAtAsync($"http://moves.example:{open.Port}/");

        Assert.Equal((JobErrors.BlockedAddress, 2, 1, 0), (error.ErrorType, asked, open.Connections, inside.Connections));
    }

    [Fact]
    public async Task Of_several_addresses_none_is_dialled_that_may_not_be()
    {
        using var open = new RawListener(Ok, Other);
        using var inside = new RawListener(Ok, port: open.Port);
        await using var requests = new HttpRequests(
            [$"127.0.0.2:{open.Port}"], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Loopback.MapToIPv6(), Other]));

        Assert.Equal(200, (int)(await requests.RunAsync($$"""{"url":"http://mixed.example:{{open.Port}}/"}"""))["status"]!);

        Assert.Equal((1, 0), (open.Connections, inside.Connections));
    }

    [Theory]
    [InlineData("inside.example:{0}", "inside.example", true)]
    [InlineData("Inside.Example.:{0}", "INSIDE.example", true)]
    [InlineData("127.0.0.1:{0}", "127.1", true)]
    [InlineData("127.0.0.1:{0}", "inside.example", true)]
    [InlineData("127.0.0.1:{0}", "[::ffff:127.0.0.1]", true)]
    [InlineData("inside.example:{0}", "127.0.0.1", false)]
    [InlineData("inside.example:{0}", "other.example", false)]
    [InlineData("inside.example:1", "inside.example", false)]
    [InlineData("127.0.0.1:1", "127.0.0.1", false)]
    public async Task Private_host_is_called_where_an_entry_names_it_or_its_address_with_the_port(string entry, string host, bool allowed)
    {
        using var listener = new RawListener(Ok);
        await using var requests = new HttpRequests(
            [string.Format(System.Globalization.CultureInfo.InvariantCulture, entry, listener.Port)],
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var error = await Record.ExceptionAsync(() => requests.RunAsync($$"""{"url":"http://{{host}}:{{listener.Port}}/"}"""));

        Assert.Equal((allowed ? null : JobErrors.BlockedAddress, allowed ? 1 : 0), ((error as FailedAttemptException)?.ErrorType, listener.Connections));
    }

    [Fact]
    public async Task Refusal_says_how_to_allow_the_host_and_not_where_it_lies()
    {
        await using var requests = new HttpRequests([], (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.1.2.3")]));

        var error = await requests.FailAtAsync("https://inside.example/");

        Assert.Contains("Handlers:Http:AllowedPrivateHosts, \"inside.example:443\"", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("10.1.2.3", error.Message, StringComparison.Ordinal);
    }
}
