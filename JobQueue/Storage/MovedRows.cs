namespace JobQueue.Storage;

/// <summary>The rows of one table, counted and summed up in the order of its key.</summary>
/// <param name="Checksum">SHA-256 of every value, in hexadecimal digits.</param>
public sealed record MovedRows(string Table, long Count, string Checksum);
