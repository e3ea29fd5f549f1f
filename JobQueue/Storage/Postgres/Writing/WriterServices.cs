using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Events;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Listening;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>What the writers of a process share.</summary>
internal sealed class WriterServices
{
    public required PostgresConnections Connections { get; init; }
    public required TenantDirectory Tenants { get; init; }
    public required LaneDirectory Lanes { get; init; }
    public required PausedQueues Paused { get; init; }
    public required BreakerDirectory Breakers { get; init; }
    public required DatabaseClock Clock { get; init; }
    public required RetryPolicy Retries { get; init; }
    public required ICallbackBody CallbackBody { get; init; }
    public required StoreObserver Observer { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Logger { get; init; }
    public required CommitOrder Order { get; init; }

    /// <summary>Called with what a writer of this process made possible, when it is on disk.</summary>
    public required Action<Notice> OnNotice { get; init; }

    /// <summary>Called with a writer's number, that of a batch of events, and the batch, when it is on disk.</summary>
    public required Action<int, long, IReadOnlyList<JobEvent>> OnEvents { get; init; }

    /// <summary>Who this process is in what it tells the others.</summary>
    public required string Process { get; init; }

    public Backlog Backlog { get; } = new();

    public RandomBits Random { get; } = new();

    public JobIds Ids { get; } = new();
}
