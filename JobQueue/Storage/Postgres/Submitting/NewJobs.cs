using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Writing;
using JobQueue.Storage.Postgres.Writing.Rows;

namespace JobQueue.Storage.Postgres.Submitting;

/// <summary>Makes jobs of submissions.</summary>
internal static class NewJobs
{
    public static LaneName LaneOf(Submission submission) => new(submission.Tenant.Value, submission.Queue, submission.Type, false);

    /// <summary>Makes the job, whatever the tenant's limits are. Its lane is open.</summary>
    public static Job Make(WriterServices services, Writes writes, TenantInfo tenant, Submission submission, long now, Holdups holdups)
    {
        var lane = services.Lanes[LaneOf(submission)];
        var wanted = submission.Delay is { } delay ? now + (long)delay.TotalMilliseconds : submission.RunAt?.ToUnixTimeMilliseconds();
        var dueAt = Math.Max(now, wanted ?? now);
        var id = services.Ids.Next(now, services.Random.Next());
        writes.Jobs.Add(new NewJob(id, lane.Id, submission, now, dueAt));
        writes.Wait(lane, id, submission.Priority, dueAt, now, submission.Delay);
        writes.Lane(lane).MinuteSubmitted++;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now);
        writes.Events.Add(new JobEvent
        {
            Kind = JobEventKind.Submitted,
            JobId = id,
            TenantId = tenant.Id,
            Tenant = tenant.Name,
            Queue = lane.Queue,
            Type = lane.Type,
            Status = JobStatus.Pending,
            At = at,
            Trace = submission.Trace,
            Actor = submission.SubmittedBy,
        });
        return AcceptedJob.Of(submission, id, tenant.Name, at, DateTimeOffset.FromUnixTimeMilliseconds(dueAt), holdups);
    }
}
