namespace JobQueue.Storage.Postgres.Connections;

/// <summary>A statement did not find the rows as they had been read: the transaction is to be rolled back and tried again.</summary>
internal sealed class RowsMismatchException(string message) : Exception(message);
