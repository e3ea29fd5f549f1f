namespace JobQueue.Jobs.Model;

/// <summary>One line of a job's own log.</summary>
public sealed record JobLogLine(DateTimeOffset At, int Attempt, string Message);
