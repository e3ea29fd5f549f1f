using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Attempts;

/// <summary>What an attempt says that goes to the store in one write.</summary>
/// <param name="Lines">Of its log.</param>
public sealed record AttemptReport(JobProgress? Progress, IReadOnlyList<string> Lines)
{
    /// <summary>About what it holds in memory.</summary>
    public long Bytes => sizeof(char) * (Lines.Sum(line => (long)line.Length) + (Progress?.Message?.Length ?? 0));
}
