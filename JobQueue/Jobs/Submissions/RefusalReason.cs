namespace JobQueue.Jobs.Submissions;

/// <summary>Why a submission was refused.</summary>
public enum RefusalReason
{
    /// <summary>More than <c>max_new_per_minute</c>; waiting helps.</summary>
    Rate,

    /// <summary>The batch alone is larger than <c>max_new_per_minute</c>; waiting does not help.</summary>
    BatchLargerThanRate,

    /// <summary>More than <c>max_pending</c> jobs would wait.</summary>
    Backlog,

    /// <summary>The jobs kept for the tenant have too many different combinations of queue and type.</summary>
    Lanes,
}
