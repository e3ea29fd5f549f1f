using JobQueue.Jobs.Store;

namespace JobQueue.Workers.Held;

/// <summary>Writes what handlers report. Thread-safe.</summary>
internal sealed class ReportWriter(IJobLeases store, ILogger<ReportWriter> logger)
{
    /// <summary>Writes everything a job has reported so far.</summary>
    /// <returns><see langword="false"/> when the lease is lost.</returns>
    public async ValueTask<bool> FlushAsync(HeldJob job, CancellationToken cancellationToken)
    {
        if (job.Reports is not { } reports)
            return true;
        await reports.Writing.WaitAsync(cancellationToken);
        try
        {
            while (reports.Peek() is { } batch)
            {
                var answer = await store.HeartbeatAsync(job.Token, scope: null, batch.Progress, batch.Lines, cancellationToken);
                if (answer is null)
                    return false;
                reports.Written(batch);
                if (answer.CancelRequested)
                    job.Stop(StopReason.CancelRequested);
            }

            return true;
        }
        finally
        {
            reports.Writing.Release();
        }
    }

    /// <summary>
    /// Writes what a running job has reported, unless a write of it is under way. Never throws: what could not be written now is
    /// written with the next report, or before the attempt is settled.
    /// </summary>
    public async Task TryFlushAsync(HeldJob job)
    {
        if (job.Reports is not { Writing.CurrentCount: > 0 } reports || reports.Peek() is null)
            return;
        try
        {
            if (!await FlushAsync(job, CancellationToken.None))
                job.Stop(StopReason.LeaseLost);
        }
        catch (Exception exception)
        {
            WorkersLog.ReportsNotWritten(logger, exception, job.Job.Id, exception.Message);
        }
    }
}
