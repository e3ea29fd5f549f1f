namespace JobQueue.Jobs.Store;

/// <summary>The disk is full or nearly so. Nothing of the call was stored.</summary>
public sealed class DiskFullException(string message) : Exception(message);
