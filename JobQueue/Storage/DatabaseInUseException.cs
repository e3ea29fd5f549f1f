namespace JobQueue.Storage;

/// <summary>Another process owns the database file.</summary>
public sealed class DatabaseInUseException(string path) : Exception(
    $"The database {path} is in use by another server. Stop that one first, or give this one another file with --ConnectionStrings:JobQueue=\"Data Source=other.db\".");
