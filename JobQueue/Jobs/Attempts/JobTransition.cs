using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Attempts;

/// <summary>What happens to a job when its attempt ends. A closed set.</summary>
public abstract record JobTransition
{
    private JobTransition() { }

    public sealed record Finish(ReadOnlyMemory<byte>? Result) : JobTransition;

    /// <summary>Pending again at a later time, one retry more.</summary>
    /// <param name="Note">A line for the attempt's log, where the delay is not what the target asked for.</param>
    public sealed record Retry(JobError Error, TimeSpan Delay, string? Note) : JobTransition;

    /// <summary>Pending again at once, <see cref="Crashes"/> as given.</summary>
    public sealed record Ready(AttemptOutcome Outcome, int Crashes) : JobTransition;

    /// <summary>Failed for good; in the dead letter queue unless cancelled.</summary>
    public sealed record End(FailReason Reason, JobError? Error, AttemptOutcome Outcome, int Crashes) : JobTransition;
}
