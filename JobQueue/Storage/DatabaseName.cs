namespace JobQueue.Storage;

/// <summary>How messages call the database.</summary>
/// <param name="Shown">Its file, or its server and name.</param>
/// <param name="Another">A connection string of another one, for who is told to take one.</param>
internal sealed record DatabaseName(string Shown, string Another);
