using System.Text;
using JobQueue.Dashboard.Pages.DeadLetters;
using JobQueue.Dashboard.Pages.JobDetails;
using JobQueue.Dashboard.Pages.Overview;
using JobQueue.Dashboard.Pages.Submit;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Tests.Dashboard;

/// <summary>How the pages put things: amounts, differences, timelines, the line for the shell.</summary>
public sealed class WordingTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(840, "840 ms")]
    [InlineData(12_400, "12.4 s")]
    [InlineData(200_000, "3 min 20 s")]
    [InlineData(7_200_000, "2 h")]
    [InlineData(187_200_000, "2 d 4 h")]
    public void Duration_has_two_units_at_most(long milliseconds, string text) =>
        Assert.Equal(text, Amounts.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Bounded_count_says_that_there_are_more()
    {
        Assert.Equal("10,000+", Amounts.Bounded(10_000, 10_000));
        Assert.Equal("9,999", Amounts.Bounded(9_999, 10_000));
    }

    [Fact]
    public void Difference_names_each_changed_value_and_nothing_else()
    {
        var changes = JsonDiff.Between(
            """{"a": 1, "b": {"c": [1, 2, 3], "d": "x"}, "gone": null, "n": 1.0}""",
            """{"n": 1.0, "b": {"d": "y", "c": [1, 9]}, "a": 1, "new": {}}""");

        Assert.Equal(
            [
                new JsonChange("b.c[1]", "2", "9"),
                new JsonChange("b.c[2]", "3", null),
                new JsonChange("b.d", "\"x\"", "\"y\""),
                new JsonChange("gone", "null", null),
                new JsonChange("new", null, "{}"),
            ],
            changes);
    }

    [Fact]
    public void Line_for_the_shell_carries_what_differs_from_the_defaults()
    {
        var draft = new SubmissionDraft
        {
            Type = "echo",
            Queue = "mail",
            Payload = "{\n  \"text\": \"it's\"\n}",
            MaxRetries = 5,
            Tags = "vip, eu",
        };

        Assert.EndsWith(
            """-d '{"queue": "mail", "tags": ["vip","eu"], "payload": { "text": "it'\''s" }}'""",
            CurlLine.Of(draft, "http://localhost:5080/", defaultMaxRetries: 5),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Draft_names_the_fields_that_are_wrong()
    {
        var draft = new SubmissionDraft
        {
            Type = "no spaces",
            Queue = "",
            Payload = "{]",
            Priority = 101,
            MaxRetries = -1,
            TimeoutSeconds = 0,
            RunAt = "soon",
            Tags = string.Join(',', Enumerable.Range(0, 11)),
            IdempotencyKey = "ü",
        };

        Assert.Equal(
            ["Idempotency key", "Max retries", "Payload", "Priority", "Queue", "Run at", "Tags", "Timeout", "Type"],
            draft.Problems(512, Start).Keys.Order(StringComparer.Ordinal));
        Assert.Empty(new SubmissionDraft { Payload = "null" }.Problems(512, Start));
        Assert.Contains("Payload", new SubmissionDraft { Payload = $"\"{new string('x', 1024)}\"" }.Problems(1, Start).Keys);
    }

    [Fact]
    public void Timeline_tells_every_attempt_and_the_time_between()
    {
        var job = Job() with
        {
            Status = JobStatus.Failed,
            Reason = FailReason.RetriesExhausted,
            StartedAt = Start.AddSeconds(9),
            FinishedAt = Start.AddSeconds(10),
            Attempts = 2,
        };
        JobAttempt[] attempts =
        [
            new(1, "w1", Start.AddSeconds(2), Start.AddSeconds(5), AttemptOutcome.Failed, new JobError("boom", null)),
            new(2, "w2", Start.AddSeconds(9), Start.AddSeconds(10), AttemptOutcome.Crashed, null),
        ];

        var entries = JobTimeline.Of(job, attempts);

        Assert.Equal(
            ["Submitted", "Attempt 1 started", "Attempt 1 failed", "Attempt 2 started", "Attempt 2 crashed", "Moved to the dead letters"],
            entries.Select(entry => entry.Title));
        Assert.Equal(
            [null, ("waited", TimeSpan.FromSeconds(2)), ("ran", TimeSpan.FromSeconds(3)), ("waited", TimeSpan.FromSeconds(4)), ("ran", TimeSpan.FromSeconds(1)), null],
            entries.Select(entry => entry.Before));
    }

    [Fact]
    public void Scale_of_a_chart_is_a_round_number()
    {
        Assert.Equal([1, 1, 2, 5, 10, 200, 1000], new[] { 0, 0.3, 1.5, 4, 9.1, 185, 1000 }.Select(ChartLine.RoundUp));
    }

    private static Job Job() => new()
    {
        Id = JobId.FirstOf(Start.ToUnixTimeMilliseconds()),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = "default",
        Type = "echo",
        Status = JobStatus.Pending,
        Payload = Encoding.UTF8.GetBytes("1"),
        CreatedAt = Start,
        RunAt = Start,
        Trace = TraceParent.CreateNew(),
        SubmittedBy = "user:ada",
    };
}
