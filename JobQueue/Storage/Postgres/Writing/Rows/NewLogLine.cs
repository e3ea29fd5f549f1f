using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

internal sealed record NewLogLine(JobId JobId, int Number, long At, int Attempt, string Message);
