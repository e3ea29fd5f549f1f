using JobQueue.Storage.Model;

namespace JobQueue.Storage;

/// <summary>
/// Writes that are not on the hot path (users, tokens, tenants, audit): they too go through the one writer and its commit.
/// </summary>
internal interface IDbWriter
{
    /// <summary>
    /// Runs <paramref name="change"/> on the writer's thread, inside the transaction it has open, saves, and ends when that is
    /// on disk. The change must be quick and free of side effects: after a neighbour's failure it runs again on a fresh context.
    /// An exception it throws undoes the change alone and reaches the caller.
    /// </summary>
    Task<T> WriteAsync<T>(Func<JobQueueDb, T> change, CancellationToken cancellationToken);
}
