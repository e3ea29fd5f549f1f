using JobQueue.Jobs.Model;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Submissions;

/// <summary>What became of a batch, which is accepted or refused whole. A closed set.</summary>
public abstract record BatchSubmitResult
{
    private BatchSubmitResult() { }

    /// <summary>One member per submission, in its order: <see cref="SubmitResult.Accepted"/> or <see cref="SubmitResult.Replayed"/>.</summary>
    public sealed record Accepted(IReadOnlyList<SubmitResult> Items, TenantUsage Usage) : BatchSubmitResult;

    /// <summary>The member at <paramref name="Index"/> brings a key that was used before for another request.</summary>
    public sealed record KeyReused(int Index, JobId Id) : BatchSubmitResult;

    public sealed record OverLimit(RefusalReason Reason, TenantUsage Usage) : BatchSubmitResult;
}
