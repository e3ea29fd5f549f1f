using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;

namespace JobQueue.Workers.Held;

/// <summary>
/// What one attempt's handler says, until it is written: of progress the latest, of the log every line up to a limit.
/// Thread-safe.
/// </summary>
internal sealed class AttemptReports
{
    private const int MaxLinesInAWrite = 200;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private JobProgress? _progress;
    private int _linesSoFar;

    /// <summary>Held while a batch is being written, so that batches reach the store one after the other.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    /// <summary>Adds a report.</summary>
    /// <param name="log">One or more lines.</param>
    public void Add(JobProgress? progress, string? log)
    {
        lock (_gate)
        {
            if (progress is not null)
                _progress = progress;
            if (log is null)
                return;
            foreach (var line in log.AsSpan().TrimEnd("\r\n").EnumerateLines())
            {
                if (_linesSoFar > JobText.MaxLogLines)
                    return;
                _linesSoFar++;
                _lines.Enqueue(_linesSoFar > JobText.MaxLogLines ? JobText.LogLimit : JobText.Kept(line.ToString(), JobText.MaxLogLine));
            }
        }
    }

    /// <summary>What is to be written next, or <see langword="null"/>. It stays until <see cref="Written"/>.</summary>
    public AttemptReport? Peek()
    {
        lock (_gate)
        {
            if (_progress is null && _lines.Count == 0)
                return null;
            return new AttemptReport(_progress, _lines.Take(MaxLinesInAWrite).ToArray());
        }
    }

    /// <summary>Whether there is nothing beside it.</summary>
    public bool IsAll(AttemptReport batch)
    {
        lock (_gate)
            return ReferenceEquals(_progress, batch.Progress) && _lines.Count == batch.Lines.Count;
    }

    /// <summary>Forgets what is on disk now.</summary>
    public void Written(AttemptReport batch)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_progress, batch.Progress))
                _progress = null;
            for (var i = 0; i < batch.Lines.Count; i++)
                _lines.Dequeue();
        }
    }
}
