namespace JobQueue.Storage;

/// <summary>What people do with a database from the command line, apart from serving from it.</summary>
internal interface IDatabaseUpkeep
{
    /// <summary>Makes a database for demos, in one file.</summary>
    /// <param name="path">Absolute; replaced when it is there.</param>
    /// <param name="rows">Of the types in <see cref="Model"/>.</param>
    Task CreateSampleAsync(string path, IReadOnlyList<object> rows, CancellationToken cancellationToken);
}
