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
}
