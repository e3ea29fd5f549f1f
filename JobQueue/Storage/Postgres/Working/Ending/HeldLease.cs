using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using Npgsql;

namespace JobQueue.Storage.Postgres.Working.Ending;

/// <summary>A lease that this transaction has locked, with what its job's row says. Times in milliseconds of the database's clock.</summary>
internal sealed record HeldLease(LeaseToken Token, int TenantId, int LaneId)
{
    public required int Attempt { get; init; }
    public required string Worker { get; init; }

    /// <summary>The server process whose pool holds it; null for a remote worker.</summary>
    public required string? Process { get; init; }

    public required long StartedAt { get; init; }
    public required long ExpiresAt { get; init; }
    public required long TimeoutAt { get; init; }
    public required int Duration { get; init; }
    public required bool CancelRequested { get; init; }
    public required int Priority { get; init; }
    public required int Retries { get; init; }
    public required int MaxRetries { get; init; }
    public required int Crashes { get; init; }
    public required long RunAt { get; init; }
    public required TraceParent Trace { get; init; }
    public required string? Target { get; init; }
    public required Callback? Callback { get; init; }

    /// <summary>Of the attempt before.</summary>
    public required JobError? Error { get; init; }

    public bool Suspect => Crashes >= JobTransitions.SuspectCrashes;

    /// <summary>The process, or the tenant's worker.</summary>
    public Holder Holder => Holder.Of(TenantId, Worker, Process);

    /// <summary>A row of lock_leases.sql.</summary>
    public static HeldLease Read(NpgsqlDataReader row) => new(new LeaseToken(row.Id(0), row.GetInt64(3)), row.GetInt32(1), row.GetInt32(2))
    {
        Attempt = row.GetInt32(4),
        Worker = row.GetString(5),
        Process = row.NullableText(6),
        StartedAt = row.GetInt64(7),
        ExpiresAt = row.GetInt64(8),
        TimeoutAt = row.GetInt64(9),
        Duration = row.GetInt32(10),
        CancelRequested = !row.IsDBNull(11),
        Priority = row.GetInt32(12),
        Retries = row.GetInt32(13),
        MaxRetries = row.GetInt32(14),
        Crashes = row.GetInt32(15),
        RunAt = row.GetInt64(16),
        Trace = row.Trace(17),
        Target = row.NullableText(19),
        Callback = row.Callback(20),
        Error = row.Error(22),
    };

    public HeldJobInfo Held(TenantInfo tenant, LaneInfo lane) => new(Worker, tenant.Id, lane.Queue, lane.Type);

    public JobEvent Event(TenantInfo tenant, LaneInfo lane, JobEventKind kind, JobStatus status, long now) => new()
    {
        Kind = kind,
        JobId = Token.Job,
        TenantId = tenant.Id,
        Tenant = tenant.Name,
        Queue = lane.Queue,
        Type = lane.Type,
        Status = status,
        At = DateTimeOffset.FromUnixTimeMilliseconds(now),
        Trace = Trace,
        Attempt = Attempt,
        Worker = Worker,
    };
}
