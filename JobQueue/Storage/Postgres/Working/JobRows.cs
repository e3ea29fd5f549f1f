using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;
using JobQueue.Storage.Queries;
using Npgsql;

namespace JobQueue.Storage.Postgres.Working;

/// <summary>Jobs read in the midst of a transaction. A leased one reads as pending.</summary>
internal static class JobRows
{
    private const int Texts = 26;

    /// <summary>Whole jobs, as the transaction has left them until now.</summary>
    public static async Task<IReadOnlyDictionary<JobId, Job>> ReadAsync(
        WriterSession session, WriterServices services, IReadOnlyCollection<JobId> ids, CancellationToken cancellationToken) =>
        await ReadAsync(session, services, "select_jobs", ids, cancellationToken);

    /// <summary>Jobs without their texts, locked.</summary>
    public static async Task<IReadOnlyDictionary<JobId, Job>> LockAsync(
        WriterSession session, WriterServices services, IReadOnlyCollection<JobId> ids, CancellationToken cancellationToken) =>
        await ReadAsync(session, services, "lock_jobs", ids, cancellationToken);

    /// <summary>The job as a move leaves it.</summary>
    public static Job After(this Job job, JobMove move, byte[]? result) => job with
    {
        Status = move.Status,
        Reason = move.Reason,
        Retries = move.Retries,
        Crashes = move.Crashes,
        Attempts = move.Attempts,
        StartedAt = Time(move.StartedAt),
        FinishedAt = Time(move.FinishedAt),
        Worker = move.Worker,
        Error = move.Error,
        Result = result is null ? job.Result : result,
    };

    private static async Task<IReadOnlyDictionary<JobId, Job>> ReadAsync(
        WriterSession session, WriterServices services, string statement, IReadOnlyCollection<JobId> ids, CancellationToken cancellationToken)
    {
        var rows = new List<(int Lane, Job Job)>();
        await session.Trip().Read(statement, row => rows.Add((row.GetInt32(2), Read(row))), Sent.Ids(ids)).RunAsync(cancellationToken);
        await services.Tenants.EnsureAsync(session.Connection, rows.Select(row => row.Job.TenantId.Value), cancellationToken);
        await services.Lanes.LoadAsync(session.Connection, rows.Select(row => row.Lane), cancellationToken);
        return rows.ToDictionary(
            row => row.Job.Id,
            row => row.Job with
            {
                Tenant = services.Tenants[row.Job.TenantId].Name,
                Queue = services.Lanes[row.Lane].Queue,
                Type = services.Lanes[row.Lane].Type,
            });
    }

    /// <summary>A row whose lane and tenant are known.</summary>
    public static Job Read(NpgsqlDataReader row, WriterServices services) => Read(row) with
    {
        Tenant = services.Tenants[row.GetInt32(1)].Name,
        Queue = services.Lanes[row.GetInt32(2)].Queue,
        Type = services.Lanes[row.GetInt32(2)].Type,
    };

    private static Job Read(NpgsqlDataReader row) => new()
    {
        Id = row.Id(0),
        TenantId = new(row.GetInt32(1)),
        Tenant = "",
        Queue = "",
        Type = "",
        Status = (JobStatus)row.GetInt32(3),
        Reason = (FailReason?)row.NullableInt(4),
        Priority = row.GetInt32(5),
        Retries = row.GetInt32(6),
        MaxRetries = row.GetInt32(7),
        Crashes = row.GetInt32(8),
        Attempts = row.GetInt32(9),
        TimeoutSeconds = row.GetInt32(10),
        RunAt = row.Time(11),
        CreatedAt = row.Time(12),
        StartedAt = row.NullableTime(13),
        FinishedAt = row.NullableTime(14),
        Worker = row.NullableText(15),
        IdempotencyKey = row.NullableText(16),
        Tags = Tags.Read(row.NullableText(17)),
        Trace = row.Trace(18),
        SubmittedBy = row.GetString(20),
        Error = row.Error(21),
        Target = row.NullableText(23),
        Callback = row.Callback(24),
        Payload = row.FieldCount > Texts ? (byte[])row[Texts] : default,
        OriginalPayload = row.FieldCount > Texts ? JobReading.Json(row.NullableBytes(Texts + 1)) : null,
        Result = row.FieldCount > Texts ? JobReading.Json(row.NullableBytes(Texts + 2)) : null,
    };

    private static DateTimeOffset? Time(long? milliseconds) =>
        milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}
