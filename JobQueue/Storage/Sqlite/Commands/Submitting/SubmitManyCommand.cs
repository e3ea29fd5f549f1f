using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Submitting;

/// <summary>Accepts all of one tenant's submissions or none.</summary>
internal sealed class SubmitManyCommand(
    IReadOnlyList<Submission> submissions, StoreObserver observer, CancellationToken cancellationToken)
    : StoreCommand<BatchSubmitResult>(cancellationToken)
{
    public override bool Refusable => true;

    // Their targets are asked for here, on the caller's thread.
    public override long Bytes { get; } = submissions.Sum(submission => (long)submission.Payload.Length + (submission.Target?.Length ?? 0));

    public override int Jobs => submissions.Count;

    public override void Complete()
    {
        if (Result is BatchSubmitResult.OverLimit over)
            observer.Refused(over.Reason);
        base.Complete();
    }

    protected override BatchSubmitResult Run(WriteContext context)
    {
        var tenant = context.Board.Tenant(submissions[0].Tenant);
        var items = new SubmitResult?[submissions.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Acceptance.FindKey(context, submissions[i]);
            if (items[i] is SubmitResult.KeyReused reused)
                return new BatchSubmitResult.KeyReused(i, reused.Id);
        }

        var fresh = items.Count(item => item is null);
        if (fresh > 0 && Acceptance.Refusal(context, tenant, submissions.Where((_, i) => items[i] is null), fresh) is { } reason)
            return new BatchSubmitResult.OverLimit(reason, tenant.Usage(context.Timestamp));
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is null)
                items[i] = new SubmitResult.Accepted(Acceptance.Accept(context, tenant, submissions[i]), tenant.Usage(context.Timestamp));
        }

        return new BatchSubmitResult.Accepted(items!, tenant.Usage(context.Timestamp));
    }
}
