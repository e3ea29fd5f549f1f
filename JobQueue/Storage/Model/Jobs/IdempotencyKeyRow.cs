using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>A key that was used: a table of its own, so that a job may be found by it without an index on jobs.</summary>
internal sealed class IdempotencyKeyRow
{
    public int TenantId { get; set; }

    /// <summary>The first 16 bytes of the key's SHA-256.</summary>
    public required byte[] KeyHash { get; set; }

    public required byte[] RequestHash { get; set; }
    public JobId JobId { get; set; }

    /// <summary>What a request that left the retries out meant when this one came; <see langword="null"/> of keys older than the column.</summary>
    public int? DefaultMaxRetries { get; set; }
}
