namespace JobQueue.Handlers;

/// <summary>A job type: what people and programs need to know of it, and what runs it. Thread-safe.</summary>
internal abstract class HandlerEntry(string type, string summary, string payloadSchema, string example)
{
    public string Type { get; } = type;

    /// <summary>One sentence.</summary>
    public string Summary { get; } = summary;

    /// <summary>JSON Schema (2020-12) of the payload.</summary>
    public string PayloadSchema { get; } = payloadSchema;

    /// <summary>A payload that works, as JSON.</summary>
    public string Example { get; } = example;

    /// <summary>Whose it is, for who starts the program.</summary>
    public virtual string Origin => GetType().FullName!;

    /// <summary>Why a worker in a process of its own leaves the type to others, or <see langword="null"/>.</summary>
    public string? Unavailable { get; init; }

    /// <summary>Why a job with this payload would fail at once ("payload.url is missing."), or <see langword="null"/>.</summary>
    /// <param name="payload">Valid JSON.</param>
    public virtual string? PayloadError(ReadOnlyMemory<byte> payload) => null;

    /// <summary>Runs one attempt.</summary>
    /// <returns>The result as JSON, or <see langword="null"/> for none.</returns>
    public abstract ValueTask<ReadOnlyMemory<byte>?> RunAsync(JobContext context, CancellationToken cancellationToken);
}
