using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Attempts;

/// <summary>How an attempt ended, as its worker reports it. A closed set.</summary>
public abstract record JobOutcome
{
    private JobOutcome() { }

    /// <summary>When the handler really began; a job leased ahead begins a little after its lease.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>What the handler said last and is not stored yet: it is stored with the end.</summary>
    public AttemptReport? Report { get; init; }

    /// <summary>About what it holds in memory beyond what every outcome does.</summary>
    public long Bytes => Own + (Report?.Bytes ?? 0);

    private protected virtual long Own => 0;

    /// <param name="Result">UTF-8 JSON, or <see langword="null"/> for none.</param>
    public sealed record Done(ReadOnlyMemory<byte>? Result) : JobOutcome
    {
        private protected override long Own => Result?.Length ?? 0;
    }

    /// <param name="Error">What went wrong.</param>
    /// <param name="Retryable"><see langword="false"/> for a permanent error: trying again cannot help.</param>
    /// <param name="RetryAfter">The least time the target asked to wait.</param>
    public sealed record Failed(JobError Error, bool Retryable = true, TimeSpan? RetryAfter = null) : JobOutcome
    {
        private protected override long Own => Error.Message.Length * sizeof(char);
    }

    /// <summary>Handed back, nothing counted.</summary>
    public sealed record Released : JobOutcome;

    /// <summary>The lease ran out or its process died. Only the store itself reports this.</summary>
    public sealed record Crashed : JobOutcome;
}
