namespace JobQueue.Storage;

/// <summary>The database cannot be used as it is, and a person has to do something about it.</summary>
/// <param name="path">Of the database.</param>
/// <param name="why">A sentence, and what to do.</param>
/// <param name="cause">Where there is one.</param>
public sealed class DatabaseRefusedException(string path, string why, Exception? cause = null)
    : Exception($"The database {path} cannot be used: {why}", cause);
