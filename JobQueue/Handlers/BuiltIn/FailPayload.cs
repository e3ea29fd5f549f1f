namespace JobQueue.Handlers.BuiltIn;

internal sealed record FailPayload
{
    public string? Message { get; init; }

    /// <summary>Attempts that fail; <see langword="null"/> for all.</summary>
    public int? Times { get; init; }

    public bool Permanent { get; init; }
}
