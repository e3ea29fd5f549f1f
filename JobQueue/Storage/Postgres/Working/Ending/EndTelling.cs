using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Submitting;
using JobQueue.Storage.Postgres.Writing;

namespace JobQueue.Storage.Postgres.Working.Ending;

/// <summary>Tells of ends: makes the jobs that call back, in the transaction that ends the others.</summary>
internal sealed class EndTelling(WriterServices services, WriterSession session, Writes writes)
{
    public async Task TellAsync(IReadOnlyList<(JobId Id, JobStatus Status)> ends, long now, CancellationToken cancellationToken)
    {
        if (ends.Count == 0)
            return;
        var jobs = await JobRows.ReadAsync(session, services, ends.Select(end => end.Id).ToList(), cancellationToken);
        var told = new List<(Job Ended, Jobs.Submissions.Submission Delivery)>();
        foreach (var (id, _) in ends)
        {
            // As the writes that are gathered will leave it.
            var ended = jobs[id].After(writes.Moves.Last(move => move.Id == id), writes.Results.Find(each => each.JobId == id).Text);
            told.Add((ended, CallbackDelivery.Of(ended, services.CallbackBody.Of(ended), services.Retries.DefaultMaxRetries)));
        }

        await services.Lanes.OpenAsync(session.Connection, told.Select(each => NewJobs.LaneOf(each.Delivery)), cancellationToken);
        foreach (var (ended, delivery) in told)
        {
            var holdups = new Holdups(services.Paused.Contains(ended.TenantId, delivery.Queue), false, false, false);
            var teller = NewJobs.Make(services, writes, services.Tenants[ended.TenantId], delivery, now, holdups);
            writes.Callbacks.Add((ended.Id, teller.Id));
        }
    }
}
