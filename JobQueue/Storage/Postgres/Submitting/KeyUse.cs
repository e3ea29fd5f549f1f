using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>What a key was first used for.</summary>
/// <param name="DefaultMaxRetries">What a request that left the retries out meant then.</param>
internal sealed record KeyUse(byte[] RequestHash, JobId JobId, int? DefaultMaxRetries);
