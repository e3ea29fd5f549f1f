namespace JobQueue.Workers.Held;

/// <summary>
/// Looks after the held jobs a few times a second, as long as there are any: one timer for all instead of several for each.
/// Writes what handlers report, ends what runs too long, and hands back what waits too long for a slot.
/// </summary>
internal sealed class AttemptWatch : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>A job leased ahead that has not started within this time is handed back.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>A handler that ignores its token for this long is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HeldJobs _held;
    private readonly Settlements _settlements;
    private readonly ReportWriter _reports;
    private readonly ILogger<AttemptWatch> _logger;
    private readonly ITimer _timer;
    private int _armed;

    public AttemptWatch(
        HeldJobs held, Settlements settlements, ReportWriter reports, TimeProvider time, ILogger<AttemptWatch> logger)
    {
        (_held, _settlements, _reports, _logger) = (held, settlements, reports, logger);
        _timer = time.CreateTimer(
            static state => ((AttemptWatch)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be called after jobs were added to the held ones.</summary>
    public void Arm()
    {
        if (Interlocked.Exchange(ref _armed, 1) == 0)
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends an attempt whose handler does not stop. The handler keeps its slot until it returns.</summary>
    public void GiveUp(HeldJob job)
    {
        var outcome = AttemptOutcomes.GivenUp(job);
        if (!job.TryEnd())
            return;
        WorkersLog.HandlerIgnoresStop(_logger, job.Job.Id, job.Job.Attempts, job.StopReason);
        _ = _settlements.StartAsync(job, outcome).AsTask();
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach (var job in _held.All)
        {
            if (job.Stage == HeldStage.Waiting)
                LookAtWaiting(job);
            else if (job.Stage == HeldStage.Running)
                LookAtRunning(job);
        }

        Volatile.Write(ref _armed, 0);
        if (!_held.IsEmpty)
            Arm();
    }

    private void LookAtWaiting(HeldJob job)
    {
        if (job.Age >= LongestWait)
            _ = _settlements.HandBackAsync(job).AsTask();
    }

    private void LookAtRunning(HeldJob job)
    {
        if (job.StopReason == StopReason.None && job.Elapsed >= TimeSpan.FromSeconds(job.Job.TimeoutSeconds))
            job.Stop(StopReason.TimedOut);
        if (job.Ignoring >= Patience)
            GiveUp(job);
        else
            _ = _reports.TryFlushAsync(job);
    }
}
