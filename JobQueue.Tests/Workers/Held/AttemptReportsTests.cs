using JobQueue.Jobs.Model;
using JobQueue.Tests.Support;
using JobQueue.Workers.Held;

namespace JobQueue.Tests.Workers.Held;

public sealed class AttemptReportsTests
{
    private readonly AttemptReports _reports = new();

    [Fact]
    public void Nothing_said_is_nothing_to_write() => Assert.Null(_reports.Peek());

    [Fact]
    public void Of_progress_the_latest_wins_and_of_the_log_every_line_stays()
    {
        _reports.Add(new JobProgress(10, "a"), "one");
        _reports.Add(new JobProgress(20, "b"), null);
        _reports.Add(null, "two\r\nthree\n");

        var batch = _reports.Peek()!;

        Assert.Equal(new JobProgress(20, "b"), batch.Progress);
        Assert.Equal(["one", "two", "three"], batch.Lines);
    }

    [Fact]
    public void What_comes_during_a_write_is_written_next()
    {
        _reports.Add(new JobProgress(10, null), "one");
        var first = _reports.Peek()!;
        _reports.Add(new JobProgress(20, null), "two");

        _reports.Written(first);

        var second = _reports.Peek()!;
        Assert.Equal(20, second.Progress!.Percent);
        Assert.Equal(["two"], second.Lines);
        _reports.Written(second);
        Assert.Null(_reports.Peek());
    }

    [Fact]
    public void What_could_not_be_written_stays()
    {
        _reports.Add(new JobProgress(10, null), "one");
        Assert.Equal(_reports.Peek()!.Lines, _reports.Peek()!.Lines);
    }

    [Fact]
    public void After_a_thousand_lines_one_more_says_that_the_rest_is_dropped()
    {
        for (var i = 0; i < 1_500; i++)
            _reports.Add(null, "line");

        var lines = new List<string>();
        while (_reports.Peek() is { } batch)
        {
            lines.AddRange(batch.Lines);
            _reports.Written(batch);
        }

        Assert.Equal(1_001, lines.Count);
        Assert.Contains("1000 lines", lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-5.0, 0.0)]
    [InlineData(250.0, 100.0)]
    [InlineData(double.NaN, null)]
    [InlineData(double.PositiveInfinity, 100.0)]
    public void Percent_is_brought_into_its_range(double said, double? kept)
    {
        _reports.Add(new JobProgress(said, null), null);
        Assert.Equal(kept, _reports.Peek()!.Progress!.Percent);
    }

    [Fact]
    public void Long_texts_are_cut()
    {
        _reports.Add(new JobProgress(null, new string('m', 2_000)), new string('l', 20_000));

        var batch = _reports.Peek()!;

        Assert.Equal(1_000, batch.Progress!.Message!.Length);
        Assert.Equal(8_000, batch.Lines[0].Length);
    }

    [Fact]
    public async Task Reports_are_written_together_a_few_times_a_second()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        for (var second = 0; second < 4; second++)
        {
            for (var i = 0; i < 100; i++)
                await run.Context.ReportProgressAsync(i);
            pool.Pass(AttemptWatch.Period);
            await Eventually.True(() => pool.Store.Reports.Count == second + 1, "the reports are written");
        }

        Assert.All(pool.Store.Reports, report => Assert.Equal(99, report.Progress!.Percent));
    }

    [Fact]
    public async Task Last_words_are_stored_with_the_end_of_the_attempt()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        await run.Context.LogAsync("last words");
        run.Throw(new InvalidOperationException("bad"));
        await pool.Store.NextSettledAsync();

        Assert.Equal(["last words"], Assert.Single(pool.Store.Reports).Lines);
    }

    [Fact]
    public async Task All_but_the_last_words_are_stored_before()
    {
        await using var pool = await PoolUnderTest.StartAsync(slots: 1);
        var run = await pool.RunAsync(TestJobs.Create("steered"));

        await run.Context.LogAsync(string.Join('\n', Enumerable.Range(0, 250)));
        run.Return();
        await pool.Store.NextSettledAsync();

        Assert.Equal([200, 50], pool.Store.Reports.Select(report => report.Lines.Count));
    }
}
