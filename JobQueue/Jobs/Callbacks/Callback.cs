using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Callbacks;

/// <summary>Whom to tell of a job's end.</summary>
/// <param name="Url">As it was sent; <see cref="Targets.HttpCallRules"/> say what it may be.</param>
/// <param name="On">Of which ends.</param>
public sealed record Callback(string Url, CallbackOn On)
{
    /// <summary>Whether this end is to be told.</summary>
    public bool Wants(JobStatus end) => On switch
    {
        CallbackOn.Done => end == JobStatus.Done,
        CallbackOn.Failed => end == JobStatus.Failed,
        _ => true,
    };
}
