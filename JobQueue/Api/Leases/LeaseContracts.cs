using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Api.Jobs;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Api.Leases;

/// <summary>A worker's wish for jobs.</summary>
internal sealed record LeaseWishRequest
{
    [Description("The worker's name, as it is shown with the jobs. Take another one for each process.")]
    [StringLength(LeaseReader.MaxWorkerLength, MinimumLength = 1)]
    public required string Worker { get; init; }

    [Description("Only jobs of these queues; all when absent.")]
    [MaxLength(LeaseReader.MaxNames)]
    public IReadOnlyList<string>? Queues { get; init; }

    [Description("Only jobs of these types; all when absent.")]
    [MaxLength(LeaseReader.MaxNames)]
    public IReadOnlyList<string>? Types { get; init; }

    [Description("Jobs to lease at most.")]
    [DefaultValue(1), Range(1, LeaseReader.MaxJobs)]
    public int? Max { get; init; }

    [Description("How long a lease lives without a heartbeat.")]
    [DefaultValue((double)LeaseReader.DefaultLeaseSeconds), Range(5, 3_600)]
    public double? LeaseSeconds { get; init; }

    [Description("How long to wait for a first job.")]
    [DefaultValue(0.0), Range(0, 30)]
    public double? WaitSeconds { get; init; }
}

internal sealed record LeasesResponse(IReadOnlyList<LeaseResponse> Items);

/// <param name="LeaseToken">The right to work on this one attempt: it goes into the address of every call about it.</param>
/// <param name="LeaseExpiresAt">When it runs out without a heartbeat. For display: the server's own clock counts.</param>
/// <param name="Attempt">1 for the first attempt.</param>
internal sealed record LeaseResponse(string LeaseToken, DateTimeOffset LeaseExpiresAt, int Attempt, JobResponse Job)
{
    public static LeaseResponse From(LeasedJob leased) =>
        new(leased.Token.ToString(), leased.ExpiresAt, leased.Job.Attempts, JobResponse.From(leased.Job));
}

internal sealed record HeartbeatRequest
{
    [Description("How far the attempt is; replaces what was said before.")]
    public ProgressRequest? Progress { get; init; }

    [Description("Added to the job's log, each line for itself; at most 8,000 characters of a line are kept.")]
    public string? Log { get; init; }
}

internal sealed record ProgressRequest
{
    [Description("Brought into 0 to 100.")]
    public double? Percent { get; init; }

    [Description("At most 1,000 characters are kept.")]
    public string? Message { get; init; }
}

/// <param name="CancelRequested">Whether the worker should stop; it then calls fail or release.</param>
internal sealed record HeartbeatResponse(DateTimeOffset LeaseExpiresAt, bool CancelRequested);

internal sealed record AckRequest
{
    [Description("Any JSON value, nested at most 64 levels deep.")]
    public RawJson? Result { get; init; }
}

internal sealed record FailRequest
{
    [Description("The message alone will do, as a string. A report is never refused for its text: U+0000, lone surrogates and bytes that are not UTF-8 become U+FFFD.")]
    public required FailErrorRequest Error { get; init; }

    [Description("False when trying again cannot help: straight to the dead letter queue.")]
    [DefaultValue(true)]
    public bool? Retryable { get; init; }

    [Description("Not to be tried again before so many seconds.")]
    [Range(0, SubmissionRules.MaxDelaySeconds)]
    public double? RetryAfterSeconds { get; init; }
}

internal sealed record FailErrorRequest
{
    [Description("For people; at most 8,000 characters are kept.")]
    public required string Message { get; init; }

    [Description("For programs: an exception's name, say; at most 200 characters are kept.")]
    public string? Type { get; init; }
}
