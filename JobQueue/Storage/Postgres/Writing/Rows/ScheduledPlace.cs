using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

internal readonly record struct ScheduledPlace(long DueAt, JobId JobId, int Lane, int Rank, long? WaitMilliseconds);
