namespace JobQueue.Access.Sessions;

/// <summary>How many tries one has.</summary>
/// <param name="AtOnce">Tries of who has not tried for long.</param>
/// <param name="Every">After how long one try comes back.</param>
internal readonly record struct TryRate(int AtOnce, TimeSpan Every)
{
    /// <summary>How long there is no try left; zero when there is one.</summary>
    /// <param name="fullIn">After how long all tries are back.</param>
    public TimeSpan Wait(TimeSpan fullIn) => fullIn - (Every * (AtOnce - 1)) is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
}
