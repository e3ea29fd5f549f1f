namespace JobQueue.Storage;

/// <summary>A database to start from where there is none: the demo's. Its times are moved so that it looks recent.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record DatabaseTemplate(string Path);
