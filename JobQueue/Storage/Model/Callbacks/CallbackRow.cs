using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Callbacks;

/// <summary>An end that was told: which job delivers it.</summary>
internal sealed class CallbackRow
{
    /// <summary>What ended.</summary>
    public JobId EndedId { get; set; }

    /// <summary>The job that tells of it.</summary>
    public JobId JobId { get; set; }
}
