using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Submitting;

/// <summary>The decision about a submission and its effect.</summary>
internal static class Acceptance
{
    /// <summary>What the submission's idempotency key was used for, or null when it is new or absent.</summary>
    public static SubmitResult? FindKey(WriteContext context, Submission submission)
    {
        if (submission.IdempotencyKey is not { } key)
            return null;
        var row = context.Sql.FindKey.Bind(submission.Tenant.Value).Bind(KeyHash.Of(key));
        if (!row.Step())
            return null;
        var (first, id, defaultThen) = (row.Blob(0).ToArray(), row.Id(1), (int?)row.NullableInt64(2));
        row.Reset();
        return HashUnder(context, submission, id, defaultThen).SequenceEqual(first) ? new SubmitResult.Replayed(id) : new SubmitResult.KeyReused(id);
    }

    /// <summary>A field left out equals the default in force at the first request, whatever was set since.</summary>
    /// <param name="defaultThen">Null of a key older than the column: there the first request is taken to have left it out too.</param>
    private static byte[] HashUnder(WriteContext context, Submission submission, JobId first, int? defaultThen)
    {
        if (submission.HashUnderDefault is { } hashUnder
            && (defaultThen ?? JobRowReader.Find(context, first, withTexts: false)?.MaxRetries) is { } then && then != submission.MaxRetries)
        {
            return hashUnder(then);
        }

        return submission.RequestHash!;
    }

    public static RefusalReason? Refusal(WriteContext context, TenantState tenant, IEnumerable<Submission> fresh, int count)
    {
        var limits = tenant.Limits;
        var accepted = limits.MaxNewPerMinute is { } rate ? tenant.Window.At(context.Timestamp, rate).Accepted : 0;
        if (SubmissionLimits.Refusal(limits, accepted, tenant.Pending, count) is { } reason)
            return reason;
        if (tenant.LiveLanes + count <= SubmissionLimits.MaxLanesPerTenant)
            return null;
        var opened = fresh.Select(submission => (submission.Queue, submission.Type)).Distinct()
            .Count(name => context.Board.FindLane(tenant, name.Queue, name.Type, suspect: false) is not { IsLive: true });
        return opened > 0 && tenant.LiveLanes + opened > SubmissionLimits.MaxLanesPerTenant ? RefusalReason.Lanes : null;
    }

    /// <summary>Makes the job, which counts towards the tenant's limits.</summary>
    public static Job Accept(WriteContext context, TenantState tenant, Submission submission)
    {
        var job = Make(context, tenant, submission);
        tenant.Window.Add(context.Timestamp, 1);
        return job;
    }

    /// <summary>Makes the job, whatever the tenant's limits are.</summary>
    public static Job Make(WriteContext context, TenantState tenant, Submission submission)
    {
        var lane = context.LaneFor(tenant, submission.Queue, submission.Type, suspect: false);
        var now = context.NowMilliseconds;
        var wanted = submission.Delay is { } delay ? now + (long)delay.TotalMilliseconds : submission.RunAt?.ToUnixTimeMilliseconds();
        var dueAt = Math.Max(now, wanted ?? now);
        var id = context.Ids.Next(now, context.RandomBits());
        Insert(context, lane, submission, id, dueAt);
        if (submission.IdempotencyKey is { } key)
            context.Sql.InsertKey.Bind(tenant.Id.Value).Bind(KeyHash.Of(key)).Bind(submission.RequestHash).Bind(id)
                .Bind(context.Retries.DefaultMaxRetries).Run();
        context.Wait(lane, id, submission.Priority, dueAt, submission.Delay);
        lane.Happened.Submitted++;
        context.Events.Add(new JobEvent
        {
            Kind = JobEventKind.Submitted,
            JobId = id,
            TenantId = tenant.Id,
            Tenant = tenant.Name,
            Queue = lane.Queue,
            Type = lane.Type,
            Status = JobStatus.Pending,
            At = context.Now,
            Trace = submission.Trace,
            Actor = submission.SubmittedBy,
        });
        var holdups = context.Board.HoldupsOf(tenant, lane.Queue, submission.Target);
        var job = AcceptedJob.Of(submission, id, tenant.Name, context.Now, DateTimeOffset.FromUnixTimeMilliseconds(dueAt), holdups);
        // Behind so many others it would be gone again when it is leased.
        if (dueAt <= now && !lane.Paused && lane.Counters.Ready <= RecentJobs.MaxJobs)
            context.Recent.Add(job);
        return job;
    }

    private static void Insert(WriteContext context, Lane lane, Submission submission, JobId id, long dueAt)
    {
        Span<byte> trace = stackalloc byte[16];
        Span<byte> span = stackalloc byte[8];
        submission.Trace.TraceId.CopyTo(trace);
        var insert = context.Sql.InsertJob.Bind(id).Bind(lane.Tenant.Id.Value).Bind(lane.Id).Bind(submission.Priority)
            .Bind(submission.MaxRetries).Bind(submission.TimeoutSeconds).Bind(dueAt).Bind(context.NowMilliseconds)
            .Bind(submission.IdempotencyKey).Bind(Tags.Write(submission.Tags)).Bind(trace);
        if (submission.Trace.SpanId == default)
        {
            insert.BindNull();
        }
        else
        {
            submission.Trace.SpanId.CopyTo(span);
            insert.Bind(span);
        }

        insert.Bind(submission.SubmittedBy).Bind(submission.Payload.Span).Bind(submission.Target)
            .Bind(submission.Callback?.Url).Bind((long?)submission.Callback?.On).Run();
    }
}
