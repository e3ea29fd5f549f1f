namespace JobQueue.Access.Bootstrap;

/// <summary>What a server that has no administrator yet says when it starts. A closed set.</summary>
internal abstract record SetupNotice
{
    private SetupNotice() { }

    /// <summary>The code itself.</summary>
    public sealed record Code(string Text) : SetupNotice;

    /// <summary>Another process printed the good code.</summary>
    public sealed record PrintedBy(string Process, DateTimeOffset At, DateTimeOffset GoodUntil) : SetupNotice;
}
