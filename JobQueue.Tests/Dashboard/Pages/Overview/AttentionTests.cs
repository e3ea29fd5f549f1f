using JobQueue.Dashboard.Pages.Overview;
using JobQueue.Jobs.Leases;

namespace JobQueue.Tests.Dashboard.Pages.Overview;

public sealed class AttentionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Silent_process_is_told_with_the_time_when_its_jobs_are_others()
    {
        var item = Assert.Single(Attention.Of(Facts(Silent("web-1:7-a1b2c3", Noon), Silent("web-2:7-d4e5f6", null))));

        Assert.Equal("The process web-1:7-a1b2c3 is silent", item.Title);
        Assert.EndsWith("until 12:00:00 UTC.", item.Text, StringComparison.Ordinal);
        Assert.True(item.Severe);
    }

    private static KnownWorker Silent(string process, DateTimeOffset? jobsBackAt) =>
        new(null, "pool", process, null, null, 16, Noon, false) { Silent = true, JobsBackAt = jobsBackAt };

    private static AttentionFacts Facts(params IReadOnlyList<KnownWorker> silent) => new()
    {
        Paused = [],
        Waiting = [],
        Workers = [],
        Silent = silent,
        Groups = [],
        Hour = [],
        AtLimit = _ => false,
    };
}
