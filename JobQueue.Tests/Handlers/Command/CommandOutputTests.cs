using System.Text;
using JobQueue.Handlers.Command;
using JobQueue.Jobs.Model;

namespace JobQueue.Tests.Handlers.Command;

public sealed class CommandOutputTests
{
    private const int Kilobyte = 1 << 10;
    private const int Megabyte = 1 << 20;

    private readonly CommandOutput _output = new(maxResult: 512 * Kilobyte);

    [Fact]
    public void Lines_end_where_they_end_however_the_text_comes()
    {
        Assert.Equal(["one"], Add("one\ntw"));
        Assert.Empty(Add("o"));
        Assert.Equal(["two", "", "three"], Add("\n\nthree\r\nfour"));
        Assert.Equal(["four"], _output.Complete());
        Assert.Equal("one\ntwo\n\nthree\r\nfour", _output.Beginning);
    }

    [Fact]
    public void Text_that_ends_with_a_line_feed_leaves_no_line_behind()
    {
        Assert.Equal(["one"], Add("one\n"));
        Assert.Empty(_output.Complete());
    }

    [Fact]
    public void Character_may_come_in_pieces()
    {
        var text = "ä€😀"u8.ToArray();
        foreach (var each in text)
            Assert.Empty(_output.Add([each]));

        Assert.Equal(["ä€😀"], _output.Complete());
        Assert.Equal("ä€😀", _output.Beginning);
        Assert.Equal("ä€😀", _output.LastLine);
    }

    [Fact]
    public void What_is_not_utf8_is_replaced()
    {
        Assert.Equal(["a\uFFFDb"], _output.Add([(byte)'a', 0xFF, (byte)'b', (byte)'\n']));
        Assert.Empty(_output.Add([0xE2, 0x82]));
        Assert.Equal(["\uFFFD"], _output.Complete());
        Assert.Equal("a\uFFFDb\n\uFFFD", _output.Beginning);
    }

    [Fact]
    public void Beginning_is_kept_to_the_last_character_that_fits_whole()
    {
        Add(new string('a', (64 * Kilobyte) - 1));
        Add("€ and more");

        Assert.Equal(new string('a', (64 * Kilobyte) - 1), _output.Beginning);
    }

    [Fact]
    public void Beginning_fits_a_result_whatever_json_makes_of_it()
    {
        var output = new CommandOutput(maxResult: 2 * Kilobyte);
        output.Add(new byte[64 * Kilobyte]);

        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new CommandResult(0, output.Beginning));

        Assert.InRange(json.Length, Kilobyte, 2 * Kilobyte);
    }

    [Fact]
    public void Long_line_is_cut_and_the_next_one_is_whole()
    {
        Add(new string('x', 5_000));
        Add(new string('x', Megabyte));
        var lines = Add("y\nnext\n");

        Assert.Equal("next", lines[1]);
        Assert.Equal(JobText.MaxLogLine + 1, lines[0].Length);
        Assert.Equal(JobText.MaxLogLine, JobText.Kept(lines[0], JobText.MaxLogLine).Length);
    }

    [Fact]
    public void Lines_stop_when_the_log_is_full()
    {
        var lines = Add(string.Concat(Enumerable.Repeat("y\n", 5_000)));

        Assert.Equal(JobText.MaxLogLines + 1, lines.Count);
        Assert.Empty(Add("more\n"));
        Assert.Empty(_output.Complete());
    }

    [Fact]
    public void Last_line_that_says_something_is_kept_for_an_error()
    {
        Assert.Null(_output.LastLine);
        Add("\n");
        Assert.Null(_output.LastLine);
        Add(new string('x', 5_000) + "\nfirst\n");
        Add("no such fi");
        Add("le\n\n  \n");

        Assert.Equal("no such file", _output.LastLine);
    }

    /// <summary>What is allocated bounds what is held, and other tests do not count.</summary>
    [Theory]
    [InlineData("y\n")]
    [InlineData("no line feed anywhere ")]
    public void Gigabyte_takes_a_few_megabytes_of_memory(string text)
    {
        var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, (64 * Kilobyte / text.Length) + 1)))[..(64 * Kilobyte)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1024 * Megabyte / piece.Length; i++)
            _output.Add(piece);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * Megabyte);
        Assert.Equal(64 * Kilobyte, _output.Beginning.Length);
    }

    private IReadOnlyList<string> Add(string text) => _output.Add(Encoding.UTF8.GetBytes(text));
}
