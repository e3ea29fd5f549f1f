namespace JobQueue.Jobs.Callbacks;

/// <summary>Which ends are told.</summary>
public enum CallbackOn
{
    Ended = 1,
    Done = 2,
    Failed = 3,
}
