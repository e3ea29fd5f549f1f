namespace JobQueue.Jobs.Store;

/// <summary>Too many writes wait: memory is kept bounded, the caller should come again.</summary>
public sealed class StoreOverloadedException() : Exception(Advice)
{
    public const string Advice = "Too many writes are waiting. Try again in a second.";
}
