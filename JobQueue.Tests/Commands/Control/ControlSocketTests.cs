using System.Net.Sockets;
using System.Text;
using JobQueue.Commands.Control;
using JobQueue.Storage;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Commands.Control;

/// <summary>What the socket bears: callers that are slow, talk nonsense or go, and a system that is out of descriptors.</summary>
public sealed class ControlSocketTests
{
    private const string Request = """{"verb":"tokens create","arguments":{"tenant":"acme","scopes":["jobs:read"],"name":"test","expiresDays":null}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_are_taken_again_after_the_system_was_out_of_descriptors()
    {
        Requires.That(OperatingSystem.IsLinux(), "Limits of another process are set with prlimit, which is Linux's.");
        var prlimit = ScriptProcess.Find("prlimit", "prlimit is missing; install util-linux.");
        using var folder = new TemporaryFolder();
        await using var server = ScriptProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "JobQueue.dll"), "--urls", "http://127.0.0.1:0",
                $"--ConnectionStrings:JobQueue=Data Source={folder.File("jobs.db")}", $"--Logs:Directory={folder.File("logs")}",
            ]);
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await Eventually.True(() => Log(folder).Contains("Now listening", StringComparison.Ordinal), "the server listens");

        // Whatever is open stays so, and nothing can be opened: the connection is taken by the system and not by the server.
        await SetDescriptorsAsync(prlimit, server.Id, 10);
        await connection.ConnectAsync(new UnixDomainSocketEndPoint(folder.File("jobs.db.sock")), Cancellation);
        await Eventually.True(() => Log(folder).Contains("No command could be taken", StringComparison.Ordinal), "the log tells of it");
        await SetDescriptorsAsync(prlimit, server.Id, 1_024);

        Assert.Contains("jq_", await AskAsync(connection, Request + "\n"), StringComparison.Ordinal);
        Assert.Equal((0, ""), await server.TerminateAsync());
    }

    [Fact]
    public async Task Caller_that_never_ends_its_line_holds_up_neither_others_nor_the_stop()
    {
        await using var app = await QueueApp.StartAsync();
        using var slow = await ConnectAsync(app);
        await slow.Socket.SendAsync(Encoding.UTF8.GetBytes(Request[..20]), Cancellation);
        using var other = await ConnectAsync(app);

        Assert.Contains("jq_", await AskAsync(other.Socket, Request + "\n"), StringComparison.Ordinal);
        await app.StopAsync();
        Assert.Equal("", await ReadAsync(slow.Socket));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("42")]
    [InlineData("{}")]
    [InlineData("""{"verb":"tokens create"}""")]
    [InlineData("""{"verb":"tokens create","arguments":null}""")]
    [InlineData("""{"verb":"tokens create","arguments":{}}""")]
    [InlineData("""{"verb":"users create","arguments":{"name":"eve"}}""")]
    public async Task Nonsense_is_answered_in_a_sentence(string line)
    {
        await using var app = await QueueApp.StartAsync();
        using var caller = await ConnectAsync(app);

        var answer = await AskAsync(caller.Socket, line + "\n");

        Assert.Contains("another version", answer, StringComparison.Ordinal);
        await app.StopAsync();
    }

    [Theory]
    [InlineData("""{"tenant":"acme","scopes":["jobs:read"],"name":"two\nlines","expiresDays":null}""", "--name must not contain control characters.")]
    [InlineData("""{"tenant":"acme","scopes":[null],"name":"test","expiresDays":null}""", "--scopes must hold one or more of")]
    [InlineData("""{"tenant":"a b","scopes":["jobs:read"],"name":"test","expiresDays":null}""", "--tenant must have 1 to 100 characters")]
    public async Task Command_keeps_the_rules_of_the_api(string arguments, string rule)
    {
        await using var app = await QueueApp.StartAsync();
        using var caller = await ConnectAsync(app);

        var answer = await AskAsync(caller.Socket, $$"""{"verb":"tokens create","arguments":{{arguments}}}""" + "\n");

        Assert.Contains(rule, answer, StringComparison.Ordinal);
        Assert.Contains("\"wrongUsage\":true", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_without_an_end_is_not_kept()
    {
        await using var app = await QueueApp.StartAsync();
        using var caller = await ConnectAsync(app);

        await using var stream = new NetworkStream(caller.Socket);

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
                await stream.WriteAsync(new byte[10_000], Cancellation);
        });
    }

    private static Task<ControlSocket> ConnectAsync(QueueApp app) =>
        ControlSocket.ConnectAsync(app.Services.GetRequiredService<DatabaseFile>(), Cancellation);

    /// <summary>Sends, and reads until the server ends the connection.</summary>
    private static async Task<string> AskAsync(Socket connection, string text)
    {
        await connection.SendAsync(Encoding.UTF8.GetBytes(text), Cancellation);
        return await ReadAsync(connection);
    }

    private static async Task<string> ReadAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private static async Task SetDescriptorsAsync(string prlimit, int process, int most)
    {
        await using var command = ScriptProcess.Start(prlimit, ["--pid", $"{process}", $"--nofile={most}:"]);
        Assert.Equal((0, ""), await command.EndAsync());
    }

    private static string Log(TemporaryFolder folder)
    {
        if (!Directory.Exists(folder.File("logs")))
            return "";
        var text = new StringBuilder();
        foreach (var path in Directory.GetFiles(folder.File("logs")))
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            text.Append(reader.ReadToEnd());
        }

        return text.ToString();
    }
}
