using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>A live lease in memory: the mirror of its row, with what settling it needs. Used by the store's thread alone.</summary>
internal sealed class Lease
{
    public required LeaseToken Token { get; init; }
    public required Lane Lane { get; init; }
    public required string Worker { get; init; }

    /// <summary>The server process that it dies with; null for a remote worker's.</summary>
    public required string? Process { get; init; }

    public required int Attempt { get; init; }

    public required int Retries { get; init; }
    public required int MaxRetries { get; init; }
    public required int Crashes { get; init; }
    public required int Priority { get; init; }
    public required long RunAt { get; init; }
    public required DateTimeOffset StartedAt { get; set; }
    public required TraceParent Trace { get; init; }

    /// <summary>Whom its job calls; null when it calls none.</summary>
    public required string? Target { get; init; }

    /// <summary>Whom its end is told, if anybody.</summary>
    public Callback? Callback { get; init; }

    /// <summary>When it runs out without a heartbeat, in the clock's ticks.</summary>
    public required long Deadline { get; set; }

    /// <summary>Beyond which no heartbeat extends it, in the clock's ticks.</summary>
    public required long TimeoutAt { get; set; }

    public required TimeSpan Duration { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public bool CancelRequested { get; set; }

    /// <summary>Lines in the attempt's log; null until it is needed, and again after a restart or a rollback.</summary>
    public int? LogLines { get; set; }

    public bool InProcess => Process is not null;

    public bool Suspect => Crashes >= JobTransitions.SuspectCrashes;

    public HeldJobInfo Held => new(Worker, Lane.Tenant.Id, Lane.Queue, Lane.Type);

    /// <summary>Among the leases of one holder at most one suspect may run.</summary>
    public (int Tenant, string Name) Holder => HolderOf(Lane.Tenant, Worker, Process);

    /// <summary>The server itself ends an in-process attempt at its timeout; of a remote one only the lease is in its hands.</summary>
    public void SetDeadline(long deadline) => Deadline = InProcess ? deadline : Math.Min(deadline, TimeoutAt);

    /// <summary>A process, whosever jobs it runs, or a tenant's own worker.</summary>
    public static (int Tenant, string Name) HolderOf(TenantState tenant, string worker, string? process) =>
        process is null ? (tenant.Id.Value, worker) : (0, process);
}
