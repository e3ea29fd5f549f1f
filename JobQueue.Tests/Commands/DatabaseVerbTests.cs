using System.Net;
using System.Net.Http.Headers;
using JobQueue.Commands.Control;
using JobQueue.Storage;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Commands;

/// <summary>Commands beside a running server and without one.</summary>
public sealed class DatabaseVerbTests
{
    private static readonly string[] CreateToken = ["tokens", "create", "--tenant", "acme", "--scopes", "metrics:read,jobs:read"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_made_beside_a_running_server_works_at_once()
    {
        await using var app = await QueueApp.StartAsync();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(app.Folder, [.. CreateToken, "--name", "monitoring"]);

        Assert.Equal((0, ""), (exitCode, error));
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Assert.Single(Lines(output)));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Command_that_names_the_database_by_a_link_reaches_the_server()
    {
        await using var app = await QueueApp.StartAsync();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("jobs.db"), app.DatabasePath);

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, CreateToken);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Single(Lines(output));
    }

    [Fact]
    public async Task Token_made_without_a_server_works_when_it_starts()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, CreateToken);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.False(Directory.Exists(folder.File("logs")));
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Folder = folder.Path });
        using var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Assert.Single(Lines(output)));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/metrics", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task User_made_beside_a_running_server_can_sign_in_at_once()
    {
        await using var app = await QueueApp.StartAsync();
        string[] arguments = ["users", "create", "--name", "bob", "--tenant", "acme", "--role", "operator", "--password-stdin"];

        var first = await JobQueueProcess.RunAsync(app.Folder, arguments, input: "correct horse\n");
        var second = await JobQueueProcess.RunAsync(app.Folder, arguments, input: "correct horse\n");

        Assert.Equal((0, "bob", ""), (first.ExitCode, first.Output.Trim(), first.Error));
        Assert.NotNull(await app.UserAsync("bob", "correct horse"));
        Assert.Equal((1, ""), (second.ExitCode, second.Output));
        Assert.Equal("There is a user bob already.", second.Error.Trim());
    }

    [Fact]
    public async Task Socket_belongs_to_the_owner_alone_and_goes_with_the_server()
    {
        await using var app = await QueueApp.StartAsync();
        var socket = ControlSocket.PathOf(app.Services.GetRequiredService<DatabaseFile>());

        Assert.True(IsOwnersAlone(socket));

        await app.StopAsync();
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task Socket_left_by_a_killed_server_is_replaced()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("jobs.db.sock"), "", Cancellation);
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Folder = folder.Path });

        var (exitCode, _, error) = await JobQueueProcess.RunAsync(app.Folder, CreateToken);

        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task Path_longer_than_a_socket_may_have_works_too()
    {
        using var folder = new TemporaryFolder();
        var deep = Directory.CreateDirectory(folder.File(new string('d', 120))).FullName;
        await using var app = await QueueApp.StartAsync(new QueueAppOptions { Folder = deep });

        var (exitCode, _, error) = await JobQueueProcess.RunAsync(app.Folder, CreateToken);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.True(IsOwnersAlone(Path.Combine(deep, "jobs.db.sock")));
    }

    private static bool IsOwnersAlone(string path) =>
        OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
