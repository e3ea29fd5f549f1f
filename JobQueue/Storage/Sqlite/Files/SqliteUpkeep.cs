using JobQueue.Storage.Model;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>Looks after a database that is a file.</summary>
internal sealed class SqliteUpkeep : IDatabaseUpkeep
{
    public Task CreateSampleAsync(string path, Action<JobQueueDb> fill, CancellationToken cancellationToken) =>
        SampleDatabase.CreateAsync(path, fill, cancellationToken);
}
