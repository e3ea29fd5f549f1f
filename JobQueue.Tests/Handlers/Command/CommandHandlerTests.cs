using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Text.Json;
using JobQueue.Handlers;
using JobQueue.Handlers.Command;
using JobQueue.Handlers.Command.Processes;
using JobQueue.Jobs;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobQueue.Tests.Handlers.Command;

/// <summary>Real programs, run as jobs run them.</summary>
public sealed class CommandHandlerTests : IDisposable
{
    private readonly ConcurrentQueue<string> _log = [];
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public CommandHandlerTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "the commands of these tests are Unix's");

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Command_answers_with_its_exit_code_and_all_that_it_wrote()
    {
        var result = await ShellAsync("echo one; echo two >&2; printf three");

        Assert.Equal(new CommandResult(0, "one\ntwo\nthree"), result);
        Assert.Equal(["one", "two", "three"], _log);
    }

    [Theory]
    [InlineData(";id")]
    [InlineData("$(id)")]
    [InlineData("`id`")]
    [InlineData("x && id | cat > y &")]
    [InlineData("two words")]
    [InlineData("two\nlines")]
    [InlineData("'\"\\")]
    [InlineData("*")]
    [InlineData("~")]
    [InlineData("$HOME {x} %PATH%")]
    [InlineData("Zoë 😀")]
    [InlineData("")]
    public async Task Value_arrives_as_it_is_as_one_argument(string value)
    {
        var result = await RunAsync(
            new AllowedCommand { Path = "/bin/sh", Args = ["-c", """printf '[%s]' "$@" """, "sh", "{value}", "--name={value}"] },
            JsonSerializer.Serialize(new { value }));

        Assert.Equal($"[{value}][--name={value}]", result.Output);
    }

    [Fact]
    public async Task Number_arrives_as_it_was_written()
    {
        var result = await RunAsync(
            new AllowedCommand { Path = "/bin/sh", Args = ["-c", """printf '[%s]' "$@" """, "sh", "{a}", "{b}"] },
            """{"a":1.50,"b":1e3}""");

        Assert.Equal("[1.50][1e3]", result.Output);
    }

    [Theory]
    [InlineData("""{"value":true}""", "args.value must be a text or a number")]
    [InlineData("""{"value":null}""", "args.value must be a text or a number")]
    [InlineData("""{"value":["x"]}""", "args.value must be a text or a number")]
    [InlineData("""{"value":"\ud800"}""", "args.value holds half a character")]
    [InlineData("""{}""", "args.value is missing")]
    [InlineData("""{"value":"x","more":1}""", "args.more has no place")]
    public async Task Values_that_do_not_fit_are_a_permanent_error(string args, string error)
    {
        var refused = await Assert.ThrowsAsync<PermanentJobException>(() => RunAsync(
            new AllowedCommand { Path = "/bin/echo", Args = ["{value}"] }, args));

        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_that_is_not_listed_is_a_permanent_error_that_says_what_to_configure()
    {
        var handler = HandlerOf(new AllowedCommand { Path = "/bin/true" });

        var refused = await Assert.ThrowsAsync<PermanentJobException>(() => handler.RunAsync(new CommandPayload("rm"), Context(), _stop.Token));

        Assert.Contains("Handlers:Command:Commands:rm", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Listed are: test.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_code_other_than_0_is_a_failed_attempt_that_tells_the_last_line()
    {
        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => ShellAsync("echo start; echo 'no such customer' >&2; exit 3"));
        Assert.Equal("The command test ended with exit code 3: no such customer", failed.Message);

        failed = await Assert.ThrowsAsync<CommandFailedException>(() => ShellAsync("kill -9 $$"));
        Assert.Equal("The command test ended with exit code 137.", failed.Message);
    }

    [Fact]
    public async Task Program_that_is_not_there_is_a_failed_attempt_that_names_it()
    {
        var failed = await Assert.ThrowsAsync<ProgramNotStartedException>(() => RunAsync(new AllowedCommand { Path = "/no/such/program" }));

        Assert.Equal("/no/such/program cannot be started: No such file or directory.", failed.Message);
    }

    [Fact]
    public async Task Stop_kills_children_and_grandchildren_also_those_that_lost_their_parent()
    {
        var run = ShellAsync(
            """
            sleep 1000 & echo $!
            (sleep 1000 & echo $!)
            (trap '' TERM INT HUP; sleep 1000 & echo $!; wait) &
            sleep 1000 & echo $!
            echo ready
            wait
            """);
        var family = await PidsAsync(count: 4);

        await _stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.True(() => !family.Exists(IsAlive), "all have ended");
    }

    [Fact]
    public async Task Stop_kills_a_child_in_a_session_of_its_own()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells who descends from whom");
        var run = ShellAsync("setsid sh -c 'echo $$; sleep 1000 & echo $!; wait' & echo $!; echo ready; wait");
        var family = await PidsAsync(count: 3);

        await _stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.True(() => !family.Exists(IsAlive), "all have ended");
    }

    [Fact]
    public async Task Command_that_ends_leaves_nothing_running()
    {
        var result = await ShellAsync("sleep 1000 & echo $!; (sleep 1000 & echo $!)");

        var left = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
        Assert.Equal(2, left.Count);
        await Eventually.True(() => !left.Exists(IsAlive), "all have ended");
    }

    /// <summary>What makes itself a daemon leaves the group and its parent: it is out of reach, as the guide says.</summary>
    [Fact]
    public async Task Daemon_that_holds_the_output_does_not_hold_up_the_job()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "setsid is a command of Linux");
        var result = await ShellAsync("setsid sh -c 'echo $$ >daemon; while :; do echo $$; done' & until test -s daemon; do :; done");

        using var daemon = System.Diagnostics.Process.GetProcessById(int.Parse(result.Output.Split('\n')[0]));
        daemon.Kill();
    }

    [Fact]
    public async Task Environment_holds_nothing_of_the_server()
    {
        string[] allowed = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR"];
        var result = await RunAsync(new AllowedCommand { Path = "/usr/bin/env" });

        var names = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]).ToList();
        Assert.Contains("PATH", names);
        Assert.Empty(names.Where(name => !name.StartsWith("LC_", StringComparison.Ordinal)).Except(allowed));
    }

    [Fact]
    public async Task Each_run_has_a_folder_of_its_own_that_goes_with_it()
    {
        var first = await ShellAsync("pwd; ls -a; ls -ld . | cut -c1-10; echo x >file; mkdir -p a/b; echo $TMPDIR");
        var second = await ShellAsync("pwd");

        var lines = first.Output.Split('\n');
        Assert.Equal([".", "..", "drwx------", lines[0]], lines[1..^1]);
        Assert.NotEqual(lines[0], second.Output.TrimEnd());
        Assert.False(Directory.Exists(lines[0]));
    }

    [Fact]
    public async Task Nothing_that_the_server_has_open_is_handed_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux lists them in /proc");
        using var careless = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.Inheritable);

        var result = await ShellAsync("cd /proc/self/fd && for each in *; do readlink $each; done; cat");

        var open = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("/dev/null", open[0]);
        Assert.Single(open.Where(each => each.StartsWith("pipe:", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public async Task Where_no_session_can_be_had_a_command_still_runs_and_is_killed_with_its_children()
    {
        using var folder = new TemporaryFolder();
        var start = new ProgramStart("/bin/sh", ["-c", "sleep 1000 & echo $!; wait"], new Dictionary<string, string>(), folder.Path);
        await using var program = new PlainProgram(start);
        var output = new CommandOutput(maxResult: 1_000_000);

        await foreach (var piece in program.OutputAsync())
        {
            if (output.Add(piece.Span).Count > 0)
                program.Kill();
        }

        Assert.Equal(137, await program.ExitCode);
        await Eventually.True(() => !IsAlive(int.Parse(output.Beginning)), "the child has ended");
    }

    private static CommandHandler HandlerOf(AllowedCommand command) => new(
        Options.Create(new CommandHandlerOptions { Commands = { ["test"] = command } }),
        Options.Create(new JobsOptions()),
        NullLogger<CommandHandler>.Instance);

    private Task<CommandResult> ShellAsync(string script) => RunAsync(new AllowedCommand { Path = "/bin/sh", Args = ["-c", script.Replace("{", "{{").Replace("}", "}}")] });

    private async Task<CommandResult> RunAsync(AllowedCommand command, string args = "null")
    {
        var values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(args);
        return (CommandResult)(await HandlerOf(command).RunAsync(new CommandPayload("test", values), Context(), _stop.Token))!;
    }

    private JobContext Context() => new(TestJobs.Create(CommandHandler.Type), (_, line) =>
    {
        _log.Enqueue(line!);
        return ValueTask.CompletedTask;
    });

    /// <summary>The processes whose numbers the command tells before it is ready.</summary>
    private async Task<List<int>> PidsAsync(int count)
    {
        await Eventually.True(() => _log.Count(line => line != "ready") == count && _log.Contains("ready"), "the command is ready");
        return [.. _log.Where(line => line != "ready").Select(int.Parse)];
    }

    /// <summary>What has ended and was not yet looked after by its parent does not count.</summary>
    private static bool IsAlive(int id)
    {
        try
        {
            return !OperatingSystem.IsLinux()
                ? !System.Diagnostics.Process.GetProcessById(id).HasExited
                : File.ReadAllText($"/proc/{id}/stat") is var text && text[text.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is IOException or ArgumentException)
        {
            return false;
        }
    }
}
