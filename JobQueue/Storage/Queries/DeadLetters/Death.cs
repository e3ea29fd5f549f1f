using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Queries.DeadLetters;

/// <summary>One death of a job, told from any other by the attempts made until then, whatever the clock says.</summary>
internal readonly record struct Death(JobId JobId, int Attempts);
