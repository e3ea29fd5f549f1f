using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

internal sealed record NewDeadLetter(JobId JobId, int Tenant, int Lane, FailReason Reason, JobError Error, string Fingerprint, int Attempts, long DeadAt);
