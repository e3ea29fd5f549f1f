namespace JobQueue.Workers.Held;

/// <summary>Why a handler is told to stop.</summary>
internal enum StopReason
{
    None,
    CancelRequested,
    TimedOut,

    /// <summary>The server stops.</summary>
    Aborted,

    /// <summary>The attempt is not ours any more: whatever comes of it is dropped.</summary>
    LeaseLost,
}
