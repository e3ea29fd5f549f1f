using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>An idempotency key that is used for the first time.</summary>
internal sealed record NewKey(int Tenant, byte[] KeyHash, byte[] RequestHash, JobId JobId, int DefaultMaxRetries);
