namespace JobQueue.Jobs.Leases;

/// <summary>Whether a write about a running job won.</summary>
public enum SettleResult
{
    Settled,

    /// <summary>The lease is not current any more: nothing was changed.</summary>
    LeaseLost,
}
