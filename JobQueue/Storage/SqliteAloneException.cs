namespace JobQueue.Storage;

/// <summary>What was asked for is for a database that is a file.</summary>
/// <param name="command">As on the command line.</param>
/// <param name="instead">A sentence: what to do on PostgreSQL.</param>
public sealed class SqliteAloneException(string command, string instead)
    : Exception($"The command {command} is for a SQLite database, and Storage:Provider says {StorageOptions.Postgres}. {instead}");
