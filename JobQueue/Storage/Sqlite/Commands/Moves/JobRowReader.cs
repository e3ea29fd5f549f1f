using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Model;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>A job's row as <c>select_job.sql</c> gives it, read by the writer.</summary>
internal static class JobRowReader
{
    /// <summary>The job as its row says (a leased one reads as pending), or null when there is none.</summary>
    /// <param name="withTexts">Whether payload, original payload and result are wanted, which may be long and lie on pages of their own.</param>
    public static Job? Find(WriteContext context, JobId id, bool withTexts)
    {
        var row = context.Sql.SelectJob.Bind(id);
        if (!row.Step())
            return null;
        var lane = context.Board.Lane(row.Int32(2));
        var job = new Job
        {
            Id = id,
            TenantId = lane.Tenant.Id,
            Tenant = lane.Tenant.Name,
            Queue = lane.Queue,
            Type = lane.Type,
            Status = (JobStatus)row.Int32(3),
            Reason = row.IsNull(4) ? null : (FailReason)row.Int32(4),
            Priority = row.Int32(5),
            Retries = row.Int32(6),
            MaxRetries = row.Int32(7),
            Crashes = row.Int32(8),
            Attempts = row.Int32(9),
            TimeoutSeconds = row.Int32(10),
            RunAt = row.Time(11),
            CreatedAt = row.Time(12),
            StartedAt = row.NullableTime(13),
            FinishedAt = row.NullableTime(14),
            Worker = row.NullableText(15),
            IdempotencyKey = row.NullableText(16),
            Tags = Tags.Read(row.NullableText(17)),
            Trace = TraceParent.Read(row.Blob(18), row.IsNull(19) ? default : row.Blob(19)),
            SubmittedBy = row.Text(20),
            Error = row.IsNull(21) ? null : new JobError(row.Text(21), row.NullableText(22)),
            Result = withTexts ? JobReading.Json(row.NullableBytes(23)) : null,
            OriginalPayload = withTexts ? JobReading.Json(row.NullableBytes(24)) : null,
            Payload = withTexts ? row.Blob(25).ToArray() : default,
            Target = row.NullableText(26),
            Callback = row.NullableCallback(27),
        };
        row.Reset();
        return job;
    }

    /// <summary>The lane the job's row names: the suspects' one for a suspect.</summary>
    public static Lane LaneOf(WriteContext context, Job job) =>
        context.Board.FindLane(context.Board.Tenant(job.TenantId), job.Queue, job.Type, job.Crashes >= JobTransitions.SuspectCrashes)
        ?? throw new BoardMismatchException($"Job {job.Id} stands in no lane.");
}
