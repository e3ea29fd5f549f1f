using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Store;

namespace JobQueue.Workers.Held;

/// <summary>Writes what handlers report. Thread-safe.</summary>
internal sealed class ReportWriter(IJobLeases store, ILogger<ReportWriter> logger)
{
    /// <summary>Writes what a job whose handler has ended reported, but for the last part: that is stored with the end, in one write.</summary>
    /// <returns>Whether the lease lives, and the last part.</returns>
    public async ValueTask<(bool Lives, AttemptReport? Last)> FlushToLastAsync(HeldJob job, CancellationToken cancellationToken)
    {
        if (job.Reports is not { } reports)
            return (true, null);
        await reports.Writing.WaitAsync(cancellationToken);
        try
        {
            while (reports.Peek() is { } batch)
            {
                if (reports.IsAll(batch))
                    return (true, batch);
                if (!await WriteAsync(job, reports, batch, cancellationToken))
                    return (false, null);
            }

            return (true, null);
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
            if (!await FlushAsync(job, reports))
                job.Stop(StopReason.LeaseLost);
        }
        catch (Exception exception)
        {
            WorkersLog.ReportsNotWritten(logger, exception, job.Job.Id, exception.Message);
        }
    }

    /// <summary>Writes everything a job has reported so far.</summary>
    /// <returns><see langword="false"/> when the lease is lost.</returns>
    private async ValueTask<bool> FlushAsync(HeldJob job, AttemptReports reports)
    {
        await reports.Writing.WaitAsync(CancellationToken.None);
        try
        {
            while (reports.Peek() is { } batch)
            {
                if (!await WriteAsync(job, reports, batch, CancellationToken.None))
                    return false;
            }

            return true;
        }
        finally
        {
            reports.Writing.Release();
        }
    }

    private async ValueTask<bool> WriteAsync(HeldJob job, AttemptReports reports, AttemptReport batch, CancellationToken cancellationToken)
    {
        var answer = await store.HeartbeatAsync(job.Token, scope: null, batch.Progress, batch.Lines, cancellationToken);
        if (answer is null)
            return false;
        reports.Written(batch);
        if (answer.CancelRequested)
            job.Stop(StopReason.CancelRequested);
        return true;
    }
}
