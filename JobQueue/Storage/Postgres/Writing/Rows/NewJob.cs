using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>A job that this transaction makes.</summary>
internal sealed record NewJob(JobId Id, int Lane, Submission Submission, long CreatedAt, long DueAt);
