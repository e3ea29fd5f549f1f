using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;

namespace JobQueue.Workers.Held;

/// <summary>
/// A job this process holds a lease of, from the lease until its outcome is on disk. Thread-safe: exactly one caller moves it to
/// <see cref="HeldStage.Ended"/>, and that one settles it.
/// </summary>
internal sealed class HeldJob(LeasedJob lease, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _heldSince = time.GetTimestamp();
    private CancellationTokenSource? _abort;
    private AttemptReports? _reports;
    private volatile HeldStage _stage;
    private volatile StopReason _stopReason;
    private long _startedAt;
    private long _stopAskedAt;
    private long _extendedAt = time.GetTimestamp();

    public Job Job { get; } = lease.Job;

    public LeaseToken Token { get; } = lease.Token;

    public HeldStage Stage => _stage;

    public StopReason StopReason => _stopReason;

    /// <summary>When the handler began, by the wall clock as it is set now; <see langword="null"/> before.</summary>
    public DateTimeOffset? StartedAt => Volatile.Read(ref _startedAt) is 0 ? null : time.GetUtcNow() - Elapsed;

    /// <summary>What the handler has said and is not yet on disk; <see langword="null"/> when it never said anything.</summary>
    public AttemptReports? Reports => Volatile.Read(ref _reports);

    /// <summary>Time since the lease.</summary>
    public TimeSpan Age => time.GetElapsedTime(_heldSince);

    /// <summary>Time since the lease was last extended, or given: since the store was asked, so that it is never too short.</summary>
    public TimeSpan SinceExtended => time.GetElapsedTime(Volatile.Read(ref _extendedAt));

    /// <summary>Time since the handler began; only once it did.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(Volatile.Read(ref _startedAt));

    /// <summary>Time since the handler was told to stop; zero when it was not.</summary>
    public TimeSpan Ignoring
    {
        get
        {
            lock (_gate)
                return _stopReason == StopReason.None ? TimeSpan.Zero : time.GetElapsedTime(_stopAskedAt);
        }
    }

    /// <param name="askedAt">When the store was asked to extend the lease, which it did.</param>
    public void Extended(long askedAt) => Volatile.Write(ref _extendedAt, askedAt);

    /// <summary>Starts the attempt, unless it has ended or was told to stop before.</summary>
    /// <param name="abort">Cancels the handler. Not touched any more once the job has ended.</param>
    public bool TryBegin(CancellationTokenSource abort)
    {
        lock (_gate)
        {
            if (_stage != HeldStage.Waiting || _stopReason != StopReason.None)
                return false;
            _startedAt = time.GetTimestamp();
            _abort = abort;
            _stage = HeldStage.Running;
            return true;
        }
    }

    /// <summary>Tells the handler to stop. The first reason stands, but for a lost lease, which overrules every other.</summary>
    /// <returns>Whether the attempt had not ended yet.</returns>
    public bool Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_stage == HeldStage.Ended)
                return false;
            if (_stopReason == StopReason.None)
                _stopAskedAt = time.GetTimestamp();
            if (_stopReason == StopReason.None || reason == StopReason.LeaseLost)
                _stopReason = reason;
            // The caller may be the thread that tells of events: what handlers hang on their token runs elsewhere.
            _ = _abort?.CancelAsync();
            return true;
        }
    }

    /// <summary>Ends the attempt. Whoever gets <see langword="true"/> settles it.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            if (_stage == HeldStage.Ended)
                return false;
            _stage = HeldStage.Ended;
            _abort = null;
            return true;
        }
    }

    /// <summary>Takes what the handler says. After the end it is too late: dropped.</summary>
    public ValueTask ReportAsync(JobProgress? progress, string? log)
    {
        if (_stage != HeldStage.Ended)
        {
            if (Reports is null)
                Interlocked.CompareExchange(ref _reports, new AttemptReports(), null);
            Reports!.Add(progress, log);
        }

        return ValueTask.CompletedTask;
    }
}
