using JobQueue.Jobs.Model;

namespace JobQueue.Handlers;

/// <summary>What an attempt knows and may say.</summary>
public sealed class JobContext
{
    private readonly Func<JobProgress?, string?, ValueTask> _report;

    internal JobContext(Job job, Func<JobProgress?, string?, ValueTask> report) => (Job, _report) = (job, report);

    /// <summary>The job, as leased.</summary>
    public Job Job { get; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt => Job.Attempts;

    /// <summary>Shows how far the attempt is. Cheap: reports are coalesced to a few a second.</summary>
    public ValueTask ReportProgressAsync(double? percent, string? message = null) => _report(new JobProgress(percent, message), null);

    /// <summary>Adds a line to the job's log. Cheap: lines are written together a few times a second.</summary>
    public ValueTask LogAsync(string line) => _report(null, line);

    /// <summary>A context of no queue, for tests of a handler.</summary>
    /// <param name="attempt">1 for the first.</param>
    /// <param name="onProgress">Gets what the handler reports.</param>
    /// <param name="onLog">Gets the lines that it logs.</param>
    public static JobContext ForTest(int attempt = 1, Action<JobProgress>? onProgress = null, Action<string>? onLog = null)
    {
        var job = new Job
        {
            Id = default,
            TenantId = default,
            Tenant = "test",
            Queue = "default",
            Type = "test",
            Status = JobStatus.Running,
            Payload = "null"u8.ToArray(),
            Attempts = attempt,
            Trace = TraceParent.CreateNew(),
            SubmittedBy = "test",
        };
        return new JobContext(job, (progress, line) =>
        {
            if (progress is not null)
                onProgress?.Invoke(progress);
            if (line is not null)
                onLog?.Invoke(line);
            return ValueTask.CompletedTask;
        });
    }
}
