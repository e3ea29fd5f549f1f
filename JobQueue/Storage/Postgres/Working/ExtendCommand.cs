using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>Extends all leases that this process's pool holds. Answers those that are lost.</summary>
internal sealed class ExtendCommand(IReadOnlyList<LeaseToken> tokens, TimeSpan duration) : PostgresCommand<IReadOnlyList<LeaseToken>>
{
    public IReadOnlyList<LeaseToken> Tokens => tokens;

    public TimeSpan Duration => duration;

    public override bool Refusable => false;
}
