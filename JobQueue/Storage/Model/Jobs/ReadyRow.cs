using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>A job that may run now. The key is the order inside its lane.</summary>
internal sealed class ReadyRow
{
    public int LaneId { get; set; }

    /// <summary>The negated priority, so that the best comes first.</summary>
    public int Rank { get; set; }

    public DateTimeOffset DueAt { get; set; }
    public JobId JobId { get; set; }
}
