using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using Prometheus;

namespace JobQueue.Telemetry;

/// <summary>
/// What <c>GET /metrics</c> shows: counters since this process started, fed by committed facts. Every name is there from the
/// start. A host has its own registry, so several in one process do not mix.
/// </summary>
/// <remarks>
/// <see cref="Observe"/> is called by the feed, one batch after the other; the other members are thread-safe.
/// </remarks>
internal sealed class QueueMetrics
{
    /// <summary>Pairs of queue and type that get labels of their own; later ones share <c>other</c>.</summary>
    public const int MaxLanes = 200;

    private const string Other = "other";
    private static readonly string[] LaneLabels = ["queue", "type"];

    private static readonly HistogramConfiguration JobSeconds =
        new() { Buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 3600] };

    private static readonly HistogramConfiguration CommitSeconds =
        new() { Buckets = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5] };

    private static readonly HistogramConfiguration PowersOfTwo = new() { Buckets = Histogram.ExponentialBuckets(1, 2, 13) };

    private readonly Dictionary<(string Queue, string Type), LaneMetrics> _lanes = [];
    private readonly Counter _submitted;
    private readonly Counter _done;
    private readonly Counter _failed;
    private readonly Counter _retries;
    private readonly Histogram _duration;
    private readonly Histogram _wait;
    private readonly Counter _refused;
    private readonly Counter _leasesLost;
    private readonly Histogram _commitSeconds;
    private readonly Histogram _batchSize;
    private readonly Gauge _logBytes;

    public QueueMetrics()
    {
        var metrics = Metrics.WithCustomRegistry(Registry);
        _submitted = metrics.CreateCounter("jobqueue_jobs_submitted_total", "Jobs accepted.", LaneLabels);
        _done = metrics.CreateCounter("jobqueue_jobs_done_total", "Jobs that ended as done.", LaneLabels);
        _failed = metrics.CreateCounter("jobqueue_jobs_failed_total", "Jobs that ended as failed, for whatever reason.", LaneLabels);
        _retries = metrics.CreateCounter("jobqueue_job_retries_total", "Failed attempts that are tried again.", LaneLabels);
        _duration = metrics.CreateHistogram("jobqueue_job_duration_seconds", "How long attempts ran.", LaneLabels, JobSeconds);
        _wait = metrics.CreateHistogram("jobqueue_job_wait_seconds", "From ready to started.", LaneLabels, JobSeconds);
        _refused = metrics.CreateCounter("jobqueue_submissions_refused_total", "Submissions over a limit.", "reason");
        _leasesLost = metrics.CreateCounter("jobqueue_leases_lost_total", "Leases that ran out, or whose process died.");
        _commitSeconds = metrics.CreateHistogram(
            "jobqueue_store_commit_seconds", "Until a batch of writes was on disk.", CommitSeconds);
        _batchSize = metrics.CreateHistogram(
            "jobqueue_store_batch_size", "Commands in one commit.", PowersOfTwo);
        _logBytes = metrics.CreateGauge(
            "jobqueue_store_log_bytes", "The write-ahead log at its latest checkpoint; it grows while somebody reads without an end.");
        JobsByStatus = metrics.CreateGauge("jobqueue_jobs", "Jobs in the store, by status.", "status");
        DotNetStats.Register(Registry);

        LaneOf(Submission.DefaultQueue, Submission.DefaultType);
        foreach (var reason in Enum.GetNames<RefusalReason>())
            _refused.WithLabels(SnakeCase(reason));
        foreach (var status in Enum.GetNames<JobStatus>())
            JobsByStatus.WithLabels(SnakeCase(status));
    }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>Read from the store when the metrics are asked for.</summary>
    public Gauge JobsByStatus { get; }

    public void Observe(IReadOnlyList<JobEvent> batch)
    {
        for (var index = 0; index < batch.Count; index++)
            ObserveOne(batch[index]);
    }

    /// <summary>A commit that wrote <paramref name="commands"/> commands took this long.</summary>
    public void CommitObserved(TimeSpan duration, int commands)
    {
        _commitSeconds.Observe(duration.TotalSeconds);
        _batchSize.Observe(commands);
    }

    public void LogMeasured(long bytes) => _logBytes.Set(bytes);

    /// <summary>A submission was refused.</summary>
    /// <param name="reason">In snake_case, from a small set.</param>
    public void SubmissionRefused(string reason) => _refused.WithLabels(reason).Inc();

    public static string SnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private void ObserveOne(JobEvent happened)
    {
        switch (happened.Kind)
        {
            case JobEventKind.Submitted:
                LaneOf(happened.Queue, happened.Type).Submitted.Inc();
                break;
            case JobEventKind.Started when happened.Wait is { } wait:
                LaneOf(happened.Queue, happened.Type).Wait.Observe(wait.TotalSeconds);
                break;
            case JobEventKind.Done:
                var lane = LaneOf(happened.Queue, happened.Type);
                lane.Done.Inc();
                if (happened.Duration is { } doneAfter)
                    lane.Duration.Observe(doneAfter.TotalSeconds);
                break;
            case JobEventKind.Failed when happened.Duration is { } failedAfter:
                LaneOf(happened.Queue, happened.Type).Duration.Observe(failedAfter.TotalSeconds);
                break;
            case JobEventKind.LeaseExpired:
                _leasesLost.Inc();
                break;
            case JobEventKind.RetryScheduled:
                LaneOf(happened.Queue, happened.Type).Retries.Inc();
                break;
            case JobEventKind.DeadLettered or JobEventKind.Cancelled:
                LaneOf(happened.Queue, happened.Type).Failed.Inc();
                break;
        }
    }

    private LaneMetrics LaneOf(string queue, string type)
    {
        if (_lanes.TryGetValue((queue, type), out var lane))
            return lane;
        if (_lanes.Count >= MaxLanes && (queue, type) != (Other, Other))
            return LaneOf(Other, Other);
        lane = new LaneMetrics(
            _submitted.WithLabels(queue, type),
            _done.WithLabels(queue, type),
            _failed.WithLabels(queue, type),
            _retries.WithLabels(queue, type),
            _duration.WithLabels(queue, type),
            _wait.WithLabels(queue, type));
        _lanes.Add((queue, type), lane);
        return lane;
    }

    /// <summary>One lane's children, found once instead of at every event.</summary>
    private sealed record LaneMetrics(
        ICounter Submitted, ICounter Done, ICounter Failed, ICounter Retries, IHistogram Duration, IHistogram Wait);
}
