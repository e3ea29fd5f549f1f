using System.Text;
using JobQueue.Telemetry;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Telemetry;

public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 23, 59, 59, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_day_starts_a_new_file()
    {
        using var log = Open();

        log.Write("one\n"u8);
        _time.Advance(TimeSpan.FromSeconds(1));
        log.Write("two\n"u8);

        Assert.Equal(["jobqueue-20260304.log", "jobqueue-20260305.log"], Files());
        Assert.Equal("two\n", Read("jobqueue-20260305.log"));
    }

    [Fact]
    public void A_file_that_is_full_is_followed_by_another_and_14_are_kept()
    {
        using var log = Open();
        var megabyte = Encoding.UTF8.GetBytes(new string('x', (1024 * 1024) - 1) + "\n");

        for (var number = 0; number < 20; number++)
            log.Write(megabyte);

        Assert.Equal(LogFile.FilesKept, Files().Count);
        Assert.Equal(("jobqueue-20260304_006.log", "jobqueue-20260304_019.log"), (Files()[0], Files()[^1]));
    }

    [Fact]
    public void Restart_goes_on_in_the_same_file_after_a_torn_line()
    {
        File.WriteAllText(_folder.File("jobqueue-20260304.log"), "whole\ntor");

        using var log = Open();
        log.Write("next\n"u8);

        Assert.Equal("whole\ntor\nnext\n", Read("jobqueue-20260304.log"));
    }

    [Fact]
    public void Nothing_is_lost_while_the_directory_cannot_be_written()
    {
        using var log = new LogFile(Options.Create(new LogsOptions { Directory = _folder.File("logs") }), _time);
        File.WriteAllText(_folder.File("logs"), "in the way");

        log.Write("one\n"u8);
        log.Write("two\n"u8);
        File.Delete(_folder.File("logs"));
        log.Write("three\n"u8);

        var lines = File.ReadAllLines(Path.Combine(_folder.File("logs"), "jobqueue-20260304.log"));
        Assert.Equal(["one", "two", "three"], [lines[0], lines[1], lines[3]]);
        Assert.Contains("\"Late\":2,\"Lost\":0", lines[2], StringComparison.Ordinal);
    }

    private LogFile Open() => new(Options.Create(new LogsOptions { Directory = _folder.Path, MaxFileMegabytes = 1 }), _time);

    private List<string> Files() => Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToList();

    private string Read(string name) => File.ReadAllText(_folder.File(name));
}
