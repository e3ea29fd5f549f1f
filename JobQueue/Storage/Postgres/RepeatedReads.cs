using JobQueue.Storage.Postgres.Connections;
using Microsoft.EntityFrameworkCore.Storage;

namespace JobQueue.Storage.Postgres;

/// <summary>
/// A read whose connection proves to be gone is made once more: a pooled one tells so only when it is used. Not in the midst of a
/// transaction, whose other reads saw another moment.
/// </summary>
internal sealed class RepeatedReads(ExecutionStrategyDependencies dependencies) : ExecutionStrategy(dependencies, maxRetryCount: 1, TimeSpan.Zero)
{
    protected override void OnFirstExecution() => ExceptionsEncountered.Clear();

    protected override bool ShouldRetryOn(Exception exception) =>
        Dependencies.CurrentContext.Context.Database.CurrentTransaction is null && PostgresErrors.IsGone(exception);
}
