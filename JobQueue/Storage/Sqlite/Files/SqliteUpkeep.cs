namespace JobQueue.Storage.Sqlite.Files;

/// <summary>Looks after a database that is a file.</summary>
internal sealed class SqliteUpkeep : IDatabaseUpkeep
{
    public Task CreateSampleAsync(string path, IReadOnlyList<object> rows, CancellationToken cancellationToken) =>
        SampleDatabase.CreateAsync(path, rows, cancellationToken);
}
