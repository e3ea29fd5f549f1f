namespace JobQueue.Handlers.BuiltIn;

internal sealed record SleepPayload
{
    /// <summary>0 to 86,400.</summary>
    public required double Seconds { get; init; }

    /// <summary>1 to 1,000; absent means 10.</summary>
    public int? Steps { get; init; }
}
