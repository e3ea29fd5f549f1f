namespace JobQueue.Jobs.Submissions;

/// <summary>Why a submission was refused.</summary>
public enum RefusalReason
{
    /// <summary>More than <c>max_new_per_minute</c>; waiting helps.</summary>
    Rate,

    /// <summary>The batch alone is larger than <c>max_new_per_minute</c>; waiting does not help.</summary>
    BatchLargerThanRate,

    /// <summary>The batch alone is larger than <c>max_pending</c>; waiting does not help.</summary>
    BatchLargerThanBacklog,

    /// <summary>The tenant may submit nothing: a limit of its own is 0. Waiting does not help.</summary>
    LimitIsZero,

    /// <summary>More than <c>max_pending</c> jobs would wait. Nobody can say how long.</summary>
    Backlog,

    /// <summary>The jobs kept for the tenant have too many different combinations of queue and type.</summary>
    Lanes,
}
