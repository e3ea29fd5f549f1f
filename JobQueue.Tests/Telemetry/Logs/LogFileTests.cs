using System.Globalization;
using System.Text;
using JobQueue.Telemetry.Logs;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Options;
using Serilog.Core;

namespace JobQueue.Tests.Telemetry.Logs;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _standardError = new(CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _standardError.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_day_has_its_file()
    {
        File.WriteAllText(_folder.File("jobqueue-20260304.log"), "one\n");
        using var log = Open();

        Write(log, "two\n");

        Assert.Equal(2, Files().Count);
        Assert.Equal(("jobqueue-20260304.log", "one\n"), (Files()[0], Read(Files()[0])));
        Assert.Matches(@"^jobqueue-\d{8}\.log$", Files()[1]);
        Assert.Equal("two\n", Read(Files()[1]));
    }

    [Fact]
    public void A_file_that_is_full_is_followed_by_another_and_14_are_kept()
    {
        using var log = Open();
        var megabyte = new string('x', (1024 * 1024) - 1) + "\n";

        for (var number = 0; number < 20; number++)
            Write(log, megabyte);

        Assert.Equal(LogFile.FilesKept, Files().Count);
        Assert.EndsWith("_019.log", Files()[^1], StringComparison.Ordinal);
        Assert.All(Files(), file => Assert.Equal(1024 * 1024, new FileInfo(_folder.File(file)).Length));
    }

    [Fact]
    public void Text_comes_out_as_it_was_wherever_a_piece_of_it_ends()
    {
        using var log = Open();
        var lines = string.Concat(Enumerable.Range(0, 1500).Select(length => new string('x', length % 7) + "ü€\U0001F600\n"));

        Write(log, lines);

        Assert.Equal(lines, Read(Assert.Single(Files())));
    }

    [Fact]
    public void Restart_goes_on_in_the_same_file_after_a_torn_line()
    {
        using (var killed = Open())
            Write(killed, "whole\ntor");

        using var log = Open();
        Write(log, "next\n");
        Write(log, "last\n");

        Assert.Equal("whole\ntor\nnext\nlast\n", Read(Assert.Single(Files())));
    }

    [Fact]
    public void Two_that_write_one_file_do_not_write_over_each_other()
    {
        using var one = Open();
        using var two = Open();

        Write(one, "1\n");
        Write(two, "2\n");
        Write(one, "3\n");

        Assert.Equal("1\n2\n3\n", Read(Assert.Single(Files())));
    }

    [Fact]
    public void Lines_of_a_log_that_cannot_be_opened_go_to_standard_error_after_the_reason()
    {
        File.WriteAllText(_folder.File("logs"), "in the way");
        using var log = Open("logs");

        Write(log, "one\n");
        log.Lines.Information("Said by {Whom}", "another");
        Write(log, "two\n");

        var lines = _standardError.ToString().Split('\n');
        Assert.StartsWith("The log file: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("one", lines);
        Assert.Contains("two", lines);
        Assert.Contains(lines, line => line.Contains("\"Whom\":\"another\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_of_a_full_disk_go_to_standard_error()
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("This system has no device that is always full.");
        using (var before = Open())
            Write(before, "one\n");
        var file = _folder.File(Assert.Single(Files()));
        File.Delete(file);
        File.CreateSymbolicLink(file, "/dev/full");

        using var log = Open();
        Write(log, "two\n");
        Write(log, "three\n");

        Assert.EndsWith("\ntwo\nthree\n", _standardError.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_failed_write_left_is_ended_before_the_next_line()
    {
        var fallback = new LogFileFallback(_standardError);
        using var log = Open(fallback: fallback);
        Write(log, "one\ntor");

        fallback.OnLoggingFailed(log, LoggingFailureKind.Permanent, "no space", [], exception: null);
        Write(log, "two\n");
        Write(log, "three\n");

        Assert.Equal("one\ntor\ntwo\nthree\n", Read(Assert.Single(Files())));
    }

    private LogFile Open(string directory = "", LogFileFallback? fallback = null) => new(
        Options.Create(new LogsOptions { Directory = Path.Combine(_folder.Path, directory), MaxFileMegabytes = 1 }),
        fallback ?? new LogFileFallback(_standardError),
        TimeProvider.System);

    private static void Write(LogFile log, string lines) => log.Write(Encoding.UTF8.GetBytes(lines));

    private List<string> Files() => Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToList();

    private string Read(string name) => File.ReadAllText(_folder.File(name));
}
