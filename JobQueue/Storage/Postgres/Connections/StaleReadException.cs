namespace JobQueue.Storage.Postgres.Connections;

/// <summary>What was read has changed meanwhile: the transaction is to be rolled back and tried again.</summary>
internal sealed class StaleReadException(string message) : Exception(message);
