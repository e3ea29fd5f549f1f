using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>Looks after what the clock brings: leases that ran out, jobs that are due, pauses that end. Answers how many leases had run out.</summary>
internal sealed class ReapCommand : PostgresCommand<int>
{
    public override bool Refusable => false;
}
