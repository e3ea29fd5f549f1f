namespace JobQueue.Jobs.Store;

/// <summary>The database takes no writes at the moment, for no fault of the call. Nothing of the call was stored; come again.</summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
