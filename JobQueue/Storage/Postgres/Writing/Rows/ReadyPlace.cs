using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Postgres.Writing.Rows;

/// <summary>A ready job's place: a line (a lane, or a siding of one) and the order in it.</summary>
internal readonly record struct ReadyPlace(int Line, int Rank, long DueAt, JobId JobId);
