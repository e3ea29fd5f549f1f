namespace JobQueue.Storage.Model.Access;

/// <summary>Who did what to what. Only ever appended to, until retention takes it.</summary>
internal sealed class AuditRow
{
    public long Id { get; set; }
    public DateTimeOffset At { get; set; }
    public required string Actor { get; set; }

    /// <summary>A verb with its noun: <c>job.cancel</c>, <c>token.create</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The tenant's name as it was then.</summary>
    public string? Tenant { get; set; }

    public string? Target { get; set; }

    /// <summary>What changed, for people; never a secret or a payload.</summary>
    public string? Detail { get; set; }

    public string? RemoteAddress { get; set; }
}
