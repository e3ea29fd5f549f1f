namespace JobQueue.Jobs.Store;

/// <summary>The store is stopping and takes no more writes.</summary>
public sealed class StoreStoppedException(Exception? cause = null) : Exception("The server is stopping and takes no more writes.", cause);
