using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Working.Leasing;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Tenants;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>Ends attempts.</summary>
/// <param name="arrived">When they came, on the clock that does not jump.</param>
internal sealed class EndsCommand(IReadOnlyList<AttemptEnd> ends, TenantId? scope, long arrived) : PostgresCommand<IReadOnlyList<SettledAttempt?>>
{
    public IReadOnlyList<AttemptEnd> Ends => ends;

    public TenantId? Scope => scope;

    public long Arrived => arrived;

    /// <summary>A wish for the next jobs, which the same transaction serves if it can.</summary>
    public LeaseWish? Next { get; init; }

    /// <summary>Whether the job of the only end is wanted as it is then.</summary>
    public bool ReadsJob { get; init; }

    /// <summary>The job that was wanted; null when the lease was lost.</summary>
    public Job? Job { get; set; }

    public override bool Refusable => false;

    public override int Jobs => ends.Count;

    public override long Bytes { get; } = ends.Sum(end => end.Outcome?.Bytes ?? 0);
}
