using System.Text.Json;
using JobQueue.Jobs.Events;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Jobs.Events;

public sealed class JobFeedTests
{
    [Fact]
    public async Task One_failing_subscriber_hurts_itself_alone_and_a_line_names_who_missed_what()
    {
        await using var app = await QueueApp.StartAsync();
        var feed = app.Services.GetRequiredService<JobFeed>();
        var job = TestJobs.Create("echo");
        List<IReadOnlyList<JobEvent>> heard = [];
        using var before = feed.Subscribe("before", heard.Add);
        using var broken = feed.Subscribe("The broken one", _ => throw new InvalidOperationException("A defect."));
        using var after = feed.Subscribe("after", heard.Add);
        JobEvent[] batch = [job.Event(JobEventKind.Submitted), job.Event(JobEventKind.Started), TestJobs.Create("echo").Event(JobEventKind.Submitted)];

        feed.Publish(batch);
        broken.Dispose();
        feed.Publish([batch[0]]);

        Assert.Equal([batch, batch, [batch[0]], [batch[0]]], heard);
        var line = Assert.Single(
            (await app.LogLinesAsync()).Select(line => JsonDocument.Parse(line).RootElement), line => line.TryGetProperty("Subscriber", out _));
        Assert.Equal(("The broken one", 3), (line.GetProperty("Subscriber").GetString(), line.GetProperty("Count").GetInt32()));
        Assert.Equal(batch[0].JobId.ToString(), line.GetProperty("FirstJobId").ToString());
        Assert.Equal(batch[2].JobId.ToString(), line.GetProperty("LastJobId").ToString());
    }

    [Fact]
    public async Task Log_that_fails_at_one_event_writes_what_came_before_says_so_and_goes_on_with_whole_lines()
    {
        await using var app = await QueueApp.StartAsync();
        var feed = app.Services.GetRequiredService<JobFeed>();
        var (first, impossible, later) = (TestJobs.Create("echo"), TestJobs.Create("echo"), TestJobs.Create("echo"));

        feed.Publish([first.Event(JobEventKind.Submitted), impossible.Event((JobEventKind)99)]);
        feed.Publish([later.Event(JobEventKind.Submitted)]);

        var lines = (await app.LogLinesAsync()).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            [first.Id.ToString(), later.Id.ToString()],
            lines.Where(line => line.TryGetProperty("JobId", out _)).Select(line => line.GetProperty("JobId").GetString()));
        var told = Assert.Single(lines, line => line.TryGetProperty("Subscriber", out _));
        Assert.Equal(("The log", 2), (told.GetProperty("Subscriber").GetString(), told.GetProperty("Count").GetInt32()));
    }
}
