using System.ComponentModel;
using JobQueue.Api.Queues;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;

namespace JobQueue.Api.Tenants;

/// <summary>A tenant's limits with what is used of them; null is no limit.</summary>
internal sealed record LimitsResponse(
    int? MaxConcurrent, int Running, int? MaxNewPerMinute, int AcceptedLastMinute, int? MaxPending, int Pending)
{
    public static LimitsResponse From(TenantUsage usage) => new(
        usage.Limits.MaxConcurrent,
        usage.Running,
        usage.Limits.MaxNewPerMinute,
        usage.AcceptedLastMinute,
        usage.Limits.MaxPending,
        usage.Pending);
}

/// <summary>Counts at one moment. Rates are of the last 60 seconds.</summary>
internal sealed record StatsResponse
{
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
    public required IReadOnlyList<QueueResponse> Queues { get; init; }

    public static StatsResponse From(JobCounts total, IReadOnlyList<QueueState> queues) => new()
    {
        Pending = total.Pending,
        Running = total.Running,
        Done = total.Done,
        Failed = total.Failed,
        DeadLettered = total.DeadLettered,
        OldestReadySeconds = total.OldestReady?.TotalSeconds,
        DonePerMinute = total.DonePerMinute,
        FailedPerMinute = total.FailedPerMinute,
        Queues = queues.Select(QueueResponse.From).ToList(),
    };
}
