using JobQueue.Storage.Model;

namespace JobQueue.Storage;

/// <summary>What people do with a database from the command line, apart from serving from it.</summary>
internal interface IDatabaseUpkeep
{
    /// <summary>Makes a database for demos, in one file.</summary>
    /// <param name="path">Absolute; replaced when it is there.</param>
    /// <param name="fill">Adds the rows; they are saved afterwards.</param>
    Task CreateSampleAsync(string path, Action<JobQueueDb> fill, CancellationToken cancellationToken);
}
