using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>Accepts all of one tenant's submissions, or none; a single one is a batch of one.</summary>
internal sealed class SubmitCommand(IReadOnlyList<Submission> submissions, StoreObserver observer, CancellationToken cancellationToken)
    : PostgresCommand<BatchSubmitResult>(cancellationToken)
{
    public IReadOnlyList<Submission> Submissions => submissions;

    public int Tenant => submissions[0].Tenant.Value;

    public override bool Refusable => true;

    public override int Jobs => submissions.Count;

    // Their targets are asked for here, on the caller's thread.
    public override long Bytes { get; } = submissions.Sum(submission => (long)submission.Payload.Length + (submission.Target?.Length ?? 0));

    public override void Complete()
    {
        if (Result is BatchSubmitResult.OverLimit over)
            observer.Refused(over.Reason);
        base.Complete();
    }
}
