namespace JobQueue.Storage.Sqlite.Board;

/// <summary>The counters disagree with the rows: a defect, or a file that something else wrote to. A start counts anew.</summary>
internal sealed class BoardMismatchException(string message) : Exception($"{message} Restart the server: it counts anew.");
