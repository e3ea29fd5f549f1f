using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Submitting;

/// <summary>Accepts one job, or says why not.</summary>
internal sealed class SubmitCommand(Submission submission, StoreObserver observer, CancellationToken cancellationToken)
    : StoreCommand<SubmitResult>(cancellationToken)
{
    public override bool Refusable => true;

    // Its target is asked for here, on the caller's thread.
    public override long Bytes { get; } = submission.Payload.Length + (submission.Target?.Length ?? 0);

    public override void Complete()
    {
        if (Result is SubmitResult.OverLimit over)
            observer.Refused(over.Reason);
        base.Complete();
    }

    protected override SubmitResult Run(WriteContext context)
    {
        var tenant = context.Board.Tenant(submission.Tenant);
        if (Acceptance.FindKey(context, submission) is { } known)
            return known;
        if (Acceptance.Refusal(context, tenant, [submission], 1) is { } reason)
            return new SubmitResult.OverLimit(reason, tenant.Usage(context.Timestamp));
        var job = Acceptance.Accept(context, tenant, submission);
        return new SubmitResult.Accepted(job, tenant.Usage(context.Timestamp));
    }
}
