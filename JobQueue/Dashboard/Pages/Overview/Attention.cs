using System.Globalization;
using JobQueue.Dashboard.Pages.DeadLetters;
using JobQueue.Dashboard.Pages.JobList;
using JobQueue.Dashboard.Shared.Text;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;

namespace JobQueue.Dashboard.Pages.Overview;

/// <summary>Decides what needs attention, the worst first. Pure.</summary>
internal static class Attention
{
    private const int MaxGroups = 3;
    private const int GrowthMinutes = 10;
    private const int LeastGrowth = 100;

    public static IReadOnlyList<AttentionItem> Of(AttentionFacts facts) =>
        [.. NoWorker(facts).Concat(Silent(facts)).Concat(Down(facts)).Concat(Growing(facts)).Concat(DeadLetters(facts)).Concat(Paused(facts)).Concat(AtLimit(facts))];

    private static IEnumerable<AttentionItem> NoWorker(AttentionFacts facts) => facts.Waiting
        .Where(waiting => !facts.Workers.Any(worker => worker.Takes(waiting.TenantId, waiting.Queue, waiting.Type)))
        .GroupBy(waiting => (waiting.Tenant, waiting.Type))
        .Select(group => new AttentionItem(
            $"No worker for {group.Key.Type}{Of(facts, group.Key.Tenant)}",
            $"{Amounts.Of(group.Sum(waiting => waiting.Ready), "job")} waiting, and no worker that is present takes this type.",
            new JobListState { Status = JobStatus.Pending, Type = group.Key.Type, Tenant = Tenant(facts, group.Key.Tenant) }.ToUrl(),
            Severe: true));

    /// <summary>Whose jobs are back is no concern any more.</summary>
    private static IEnumerable<AttentionItem> Silent(AttentionFacts facts) => facts.Silent
        .Where(worker => worker.JobsBackAt is not null)
        .Select(worker => new AttentionItem(
            $"The process {worker.Process} is silent",
            string.Create(
                CultureInfo.InvariantCulture,
                $"It died, or cannot reach the database. What it runs is taken over by others until {worker.JobsBackAt:HH:mm:ss} UTC."),
            new JobListState { Status = JobStatus.Running }.ToUrl(),
            Severe: true));

    private static IEnumerable<AttentionItem> Down(AttentionFacts facts) => facts.Down
        .Where(down => down.Waiting > 0)
        .OrderByDescending(down => down.Waiting)
        .Take(MaxGroups)
        .Select(down => new AttentionItem(
            $"{down.Target}{Of(facts, down.Tenant)} is down",
            $"It failed {Amounts.Of(down.Failures, "time")} in a row, the last time with {down.ErrorType}. {Amounts.Of(down.Waiting, "job")} waiting; one is tried now and then, and no retry is counted.",
            new JobListState { Status = JobStatus.Pending, Type = JobTarget.HttpType, Tenant = Tenant(facts, down.Tenant) }.ToUrl(),
            Severe: true));

    private static IEnumerable<AttentionItem> Growing(AttentionFacts facts)
    {
        var recent = facts.Hour.TakeLast(GrowthMinutes).ToList();
        var (came, went) = (recent.Sum(minute => minute.Submitted), recent.Sum(minute => minute.Done + minute.Failed));
        if (came - went >= LeastGrowth && came > went * 1.2)
        {
            yield return new AttentionItem(
                "The backlog grows",
                $"{Amounts.Count(came)} jobs came in the last {GrowthMinutes} minutes, {Amounts.Count(went)} were finished.",
                new JobListState { Status = JobStatus.Pending }.ToUrl(),
                Severe: false);
        }
    }

    private static IEnumerable<AttentionItem> DeadLetters(AttentionFacts facts) => facts.Groups
        .OrderByDescending(group => group.Count)
        .Take(MaxGroups)
        .Select(group => new AttentionItem(
            $"{Amounts.Of(group.Count, "dead letter")} of {group.Type}{Of(facts, group.Tenant)}",
            group.Message,
            new DeadLetterState
            {
                Fingerprint = group.Fingerprint,
                Conditions = new JobListState { Type = group.Type, Tenant = Tenant(facts, group.Tenant) },
            }.ToUrl(),
            Severe: true));

    private static IEnumerable<AttentionItem> Paused(AttentionFacts facts) => facts.Paused
        .Select(queue => new AttentionItem(
            $"Queue {queue.Name}{Of(facts, queue.Tenant)} is paused",
            $"by {queue.Pause!.PausedBy}{(queue.Pause.Reason is { } reason ? $": {reason}" : "")}. {Amounts.Of(queue.Counts.Pending, "job")} waiting.",
            new JobListState { Status = JobStatus.Pending, Queue = queue.Name, Tenant = Tenant(facts, queue.Tenant) }.ToUrl(),
            Severe: false));

    private static IEnumerable<AttentionItem> AtLimit(AttentionFacts facts) => facts.Waiting
        .Where(facts.AtLimit)
        .GroupBy(waiting => waiting.Tenant)
        .Select(group => new AttentionItem(
            $"Tenant {group.Key} is at its limit",
            $"It runs as many jobs as it may; {Amounts.Of(group.Sum(waiting => waiting.Ready), "job")} waiting.",
            new JobListState { Status = JobStatus.Pending, Tenant = Tenant(facts, group.Key) }.ToUrl(),
            Severe: false));

    private static string Of(AttentionFacts facts, string tenant) => facts.ManyTenants ? $" ({tenant})" : "";

    private static string? Tenant(AttentionFacts facts, string tenant) => facts.ManyTenants ? tenant : null;
}
