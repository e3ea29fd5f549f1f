using System.Diagnostics;
using JobQueue.Handlers;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Store;
using JobQueue.Telemetry;
using JobQueue.Workers.Held;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers.Pool;

/// <summary>Runs one attempt from its lease to its outcome. Thread-safe.</summary>
/// <param name="board">Tells what came up since a job was leased; a worker in a process of its own has none, and no job waits there for a slot.</param>
internal sealed class JobRunner(
    HandlerRegistry handlers,
    RunTimes runTimes,
    Settlements settlements,
    IOptions<JobsOptions> options,
    IJobBoard? board = null)
{
    private readonly int _maxResultBytes = options.Value.MaxPayloadKilobytes * 1024;

    /// <summary>Ends when the handler has; the commit of its outcome goes on behind it. Never throws what a handler throws.</summary>
    public async ValueTask RunAsync(HeldJob job, WorkerSlot slot)
    {
        if (board?.MayBegin(job.Job) == false || !job.TryBegin(slot.Abort))
        {
            await settlements.HandBackAsync(job);
            return;
        }

        using var activity = JobQueueActivity.StartAttempt(job.Job);
        var outcome = await AttemptAsync(job, slot.Abort.Token);
        runTimes.Record(job.Job.Type, job.Elapsed);
        if (outcome is JobOutcome.Failed failed)
            activity.SetStatus(ActivityStatusCode.Error, failed.Error.Message);
        // A handler that came back after it was given up finds its attempt ended: its outcome is dropped.
        if (job.TryEnd())
            await settlements.StartAsync(job, outcome);
    }

    private async ValueTask<JobOutcome> AttemptAsync(HeldJob job, CancellationToken abort)
    {
        try
        {
            if (!handlers.TryGet(job.Job.Type, out var entry))
                throw new InvalidOperationException($"No handler for the type {job.Job.Type} in this process.");
            var result = await entry.RunAsync(new JobContext(job.Job, job.ReportAsync), abort);
            return AttemptOutcomes.Returned(result, job, _maxResultBytes);
        }
        catch (Exception exception)
        {
            return AttemptOutcomes.Threw(exception, job);
        }
    }
}
