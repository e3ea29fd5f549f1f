using System.ComponentModel;
using JobQueue.Storage.Queries.Stats;

namespace JobQueue.Api.Queues;

/// <summary>A queue with its counts.</summary>
internal sealed record QueueResponse
{
    public required string Name { get; init; }
    public required string Tenant { get; init; }
    public required bool Paused { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public string? PausedBy { get; init; }
    public string? PauseReason { get; init; }

    [Description("When the pause ends by itself; null until somebody resumes the queue.")]
    public DateTimeOffset? PausedUntil { get; init; }

    public required int Pending { get; init; }
    public required int Running { get; init; }
    public required int Done { get; init; }
    public required int Failed { get; init; }

    [Description("Of the failed ones, those in the dead letter queue.")]
    public required int DeadLettered { get; init; }

    [Description("How long the longest waiting job that may run has waited.")]
    public double? OldestReadySeconds { get; init; }

    public required double DonePerMinute { get; init; }
    public required double FailedPerMinute { get; init; }

    public static QueueResponse From(QueueState queue) => new()
    {
        Name = queue.Name,
        Tenant = queue.Tenant,
        Paused = queue.Pause is not null,
        PausedAt = queue.Pause?.PausedAt,
        PausedBy = queue.Pause?.PausedBy,
        PauseReason = queue.Pause?.Reason,
        PausedUntil = queue.Pause?.Until,
        Pending = queue.Counts.Pending,
        Running = queue.Counts.Running,
        Done = queue.Counts.Done,
        Failed = queue.Counts.Failed,
        DeadLettered = queue.Counts.DeadLettered,
        OldestReadySeconds = queue.Counts.OldestReady?.TotalSeconds,
        DonePerMinute = queue.Counts.DonePerMinute,
        FailedPerMinute = queue.Counts.FailedPerMinute,
    };
}

internal sealed record PauseRequest
{
    [Description("Why, for the others; at most 500 characters.")]
    public string? Reason { get; init; }

    [Description("When the pause ends by itself; in the future.")]
    public DateTimeOffset? Until { get; init; }
}
