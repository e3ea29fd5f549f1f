using System.Net;
using System.Net.Sockets;
using JobQueue.Commands;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobQueue.Tests.Commands;

/// <summary>What a person sees when the program does not start, and the exit codes.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Invalid_settings_end_the_start_with_a_line_each_and_no_files()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(
            folder.Path, ["--Retries:Factor=1.5"], input: null, "Workers__Count=many", "Retries__Factor=0.5", "Jobs__Size=1");

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Equal(
            [
                "Jobs:Size = '1' is not a setting. Allowed here: MaxPayloadKilobytes, MaxBodyMegabytes.",
                "Workers:Count = 'many' is not valid. Allowed: a whole number from 0 to 1000.",
            ],
            error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Second_server_on_a_database_is_refused_in_one_line()
    {
        await using var app = await QueueApp.StartAsync();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(
            app.Folder, ["--urls", "http://127.0.0.1:0", $"--ConnectionStrings:JobQueue=Data Source={app.DatabasePath}"]);

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.StartsWith($"The database {app.DatabasePath} is in use by another server.", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_port_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, ["--urls", $"http://127.0.0.1:{port}"]);

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", Assert.Single(Lines(error)), StringComparison.Ordinal);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_told_in_one_line()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("jobs.db"), new string('x', 5000), TestContext.Current.CancellationToken);

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, ["--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.StartsWith($"The database {folder.File("jobs.db")} cannot be used: it is no database", Assert.Single(Lines(error)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_server_that_is_told_to_stop_while_it_starts_stops_with_a_line_and_0(string demo)
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Start(folder.Path, [], ("Demo__Enabled", demo));
        await Eventually.True(() => File.Exists(folder.File("jobs.db.lock")), "the start has begun");

        var (exitCode, output, error) = await server.TerminateAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.NotEmpty(output);
    }

    [Fact]
    public async Task A_stop_during_any_part_of_the_start_is_no_failure()
    {
        using var folder = new TemporaryFolder();

        var exitCode = await Serve.RunAsync(() => QueueApp.Build(
            ["--urls=http://127.0.0.1:0", $"--ConnectionStrings:JobQueue=Data Source={folder.File("jobs.db")}", $"--Logs:Directory={folder.File("logs")}"],
            services => services.AddHostedService<StopsTheStart>()));

        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData(2, "bogus")]
    [InlineData(2, "tokens")]
    [InlineData(2, "tokens", "create")]
    [InlineData(2, "tokens", "create", "--tenant", "acme", "--scopes", "jobs:sumbit")]
    [InlineData(2, "tokens", "create", "--tenant", "acme", "--scopes", "jobs:read", "--expires-days", "0")]
    [InlineData(2, "tokens", "create", "--tenant", "a b", "--scopes", "jobs:read")]
    [InlineData(2, "users", "create", "--name", "eve", "--tenant", "acme", "--role", "member")]
    [InlineData(2, "users", "create", "--name", "eve", "--tenant", "acme", "--role", "queen", "--password-stdin")]
    [InlineData(2, "backup")]
    [InlineData(1, "backup", "--to", "backup.db")]
    [InlineData(2, "move")]
    [InlineData(1, "move", "--to", "Host=nowhere.invalid;Database=queue")]
    [InlineData(1, "check")]
    [InlineData(1, "tokens", "create", "--tenant", "acme", "--scopes", "jobs:read", "--Workers:Count=abc")]
    public async Task Wrong_usage_is_2_and_failure_1_with_a_message_on_standard_error(int expected, params string[] arguments)
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, arguments, input: "a long password\n");

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.NotEmpty(error);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_the_commands()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await JobQueueProcess.RunAsync(folder.Path, ["--help"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(
            (string[])["tokens", "users", "worker", "bench", "backup", "check", "move", "sample"],
            command => Assert.Contains($"  {command}", output, StringComparison.Ordinal));
    }

    /// <summary>A part that is told to stop while it starts.</summary>
    private sealed class StopsTheStart(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
