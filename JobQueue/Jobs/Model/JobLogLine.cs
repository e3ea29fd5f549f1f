using System.Text;

namespace JobQueue.Jobs.Model;

/// <summary>One line of a job's own log.</summary>
public sealed record JobLogLine(DateTimeOffset At, int Attempt, string Message)
{
    /// <summary>How much text it is, in UTF-8.</summary>
    public int Bytes => Encoding.UTF8.GetByteCount(Message);
}
