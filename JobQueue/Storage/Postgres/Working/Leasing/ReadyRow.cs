using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing.Rows;
using Npgsql;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>A ready job that this transaction has locked: a row of pick_ready.sql.</summary>
internal sealed record ReadyRow(ReadyPlace Place, int Lane, int Priority, int Retries, int MaxRetries, int Crashes, int Attempts, int TimeoutSeconds)
{
    public required DateTimeOffset RunAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string? IdempotencyKey { get; init; }
    public required string? Tags { get; init; }
    public required TraceParent Trace { get; init; }
    public required string SubmittedBy { get; init; }
    public required string? Target { get; init; }
    public required Callback? Callback { get; init; }
    public required int PayloadBytes { get; init; }

    public bool IsTaken { get; set; }

    public static ReadyRow Read(NpgsqlDataReader row) => new(
        new ReadyPlace(row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), row.Id(3)),
        row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8), row.GetInt32(9), row.GetInt32(10))
    {
        RunAt = row.Time(11),
        CreatedAt = row.Time(12),
        IdempotencyKey = row.NullableText(13),
        Tags = row.NullableText(14),
        Trace = row.Trace(15),
        SubmittedBy = row.GetString(17),
        Target = row.NullableText(18),
        Callback = row.Callback(19),
        PayloadBytes = row.GetInt32(21),
    };

    /// <summary>The job as it runs from now on, its payload apart.</summary>
    public Job ToJob(TenantInfo tenant, LaneInfo lane, NewLease lease) => new()
    {
        Id = Place.JobId,
        TenantId = tenant.Id,
        Tenant = tenant.Name,
        Queue = lane.Queue,
        Type = lane.Type,
        Status = JobStatus.Running,
        Priority = Priority,
        Payload = default,
        IdempotencyKey = IdempotencyKey,
        Retries = Retries,
        MaxRetries = MaxRetries,
        Crashes = Crashes,
        Attempts = lease.Attempt,
        TimeoutSeconds = TimeoutSeconds,
        RunAt = RunAt,
        CreatedAt = CreatedAt,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(lease.StartedAt),
        Worker = lease.Worker,
        LeaseExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(lease.ExpiresAt),
        Tags = Model.Tags.Read(Tags),
        Trace = Trace,
        SubmittedBy = SubmittedBy,
        Target = Target,
        Callback = Callback,
    };
}
