using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Model.Jobs;

/// <summary>A job that needs a person.</summary>
internal sealed class DeadLetterRow
{
    public JobId JobId { get; set; }
    public int TenantId { get; set; }
    public int LaneId { get; set; }
    public FailReason Reason { get; set; }
    public required string ErrorMessage { get; set; }
    public string? ErrorType { get; set; }

    /// <summary>Equal for failures of the same kind: 16 hexadecimal digits.</summary>
    public required string Fingerprint { get; set; }

    public int Attempts { get; set; }
    public DateTimeOffset DeadAt { get; set; }

    public JobRow? Job { get; set; }
}
