using System.Text.Json;
using JobQueue.Dashboard.Pages.Submit;
using JobQueue.Jobs.Submissions;
using JobQueue.Tests.Support;

namespace JobQueue.Tests.Jobs.Submissions;

/// <summary>API and pages take the same: they ask the same rules.</summary>
public sealed class SubmissionRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, bool> Tags => new()
    {
        { string.Concat(Enumerable.Repeat("😀", SubmissionRules.MaxTagLength)), true },
        { string.Concat(Enumerable.Repeat("😀", SubmissionRules.MaxTagLength + 1)), false },
        { new string('x', SubmissionRules.MaxTagLength), true },
        { new string('x', SubmissionRules.MaxTagLength + 1), false },
        { "two\u0085lines", false },
    };

    [Theory]
    [MemberData(nameof(Tags))]
    public async Task Tag_is_counted_in_code_points_by_api_and_page_alike(string tag, bool fits)
    {
        await using var app = await QueueApp.StartAsync();
        using var client = await app.ClientAsync("acme", "jobs:submit");

        var answer = await client.PostApiAsync("/jobs", $$"""{"payload":1,"tags":[{{JsonSerializer.Serialize(tag)}}]}""");
        var page = new SubmissionDraft { Payload = "1", Tags = tag }.Problems(512, Now);

        Assert.Equal((fits, fits), ((int)answer.Status == 201, !page.ContainsKey("Tags")));
    }
}
