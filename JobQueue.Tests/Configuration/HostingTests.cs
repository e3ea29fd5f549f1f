using System.Net;
using System.Net.Sockets;
using System.Text;
using JobQueue.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;

namespace JobQueue.Tests.Configuration;

public sealed class HostingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_can_be_hosted_by_the_usual_test_factory()
    {
        using var folder = new TemporaryFolder();
        await using var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseSetting("ConnectionStrings:JobQueue", $"Data Source={folder.File("jobs.db")}")
            .UseSetting("Logs:Directory", folder.File("logs")));
        using var client = factory.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready", Cancellation)).StatusCode);
        Assert.True(File.Exists(folder.File("jobs.db")));
    }

    [Fact]
    public async Task Answers_do_not_name_the_server()
    {
        await using var app = await QueueApp.StartAsync();
        using var client = app.Client();

        Assert.Empty((await client.GetAsync("/health/live", Cancellation)).Headers.Server);
    }

    [Fact]
    public async Task A_line_feed_alone_ends_no_header_line()
    {
        await using var app = await QueueApp.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, app.Address.Port, Cancellation);
        var stream = connection.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\nX: 1\r\n\r\n"), Cancellation);
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 400 ", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    public async Task Address_of_the_caller_is_taken_from_known_proxies_alone(string network, string expected)
    {
        await using var app = await QueueApp.StartAsync(new QueueAppOptions
        {
            Settings = new Dictionary<string, string> { ["Proxy:KnownNetworks:0"] = network },
        });
        using var client = await app.ClientAsync("acme", "admin");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");

        var made = await client.PutAsync("/tenants/proxied", new StringContent("{}", Encoding.UTF8, "application/json"), Cancellation);
        var audit = await client.GetStringAsync("/audit?action=tenant.create", Cancellation);

        Assert.True(made.IsSuccessStatusCode);
        Assert.Contains($"\"{expected}\"", audit, StringComparison.Ordinal);
    }
}
