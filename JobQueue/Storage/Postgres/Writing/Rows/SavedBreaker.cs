using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>A breaker's row; times in milliseconds of the database's clock.</summary>
internal sealed record SavedBreaker(
    int Tenant, string Target, int Failures, long FirstFailedAt, string ErrorType, long Pause, long KnownAt, long Rest, JobId? Probe);
