namespace JobQueue.Workers.Held;

internal enum HeldStage
{
    /// <summary>Leased ahead, not started.</summary>
    Waiting,
    Running,

    /// <summary>Its outcome is decided; the commit may still be on its way.</summary>
    Ended,
}
