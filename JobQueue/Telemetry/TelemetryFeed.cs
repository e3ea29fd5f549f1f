using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage;
using JobQueue.Storage.Queries.Stats;

namespace JobQueue.Telemetry;

/// <summary>Lets log and metrics hear every committed event, from before the store starts until after it has stopped.</summary>
internal sealed class TelemetryFeed(JobFeed feed, StoreObserver store, StatsQueries stats, JobEventLog log, QueueMetrics metrics) : IHostedService, IDisposable
{
    private IDisposable? _log;
    private IDisposable? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Registry.AddBeforeCollectCallback(CountJobsAsync);
        store.OnCommitted(metrics.CommitObserved);
        store.OnRefused(reason => metrics.SubmissionRefused(QueueMetrics.SnakeCase(reason.ToString())));
        _log = feed.Subscribe("The log", log.Write);
        _metrics = feed.Subscribe("The metrics", metrics.Observe);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _log?.Dispose();
        _metrics?.Dispose();
    }

    private async Task CountJobsAsync(CancellationToken cancellationToken)
    {
        var counts = await stats.TotalAsync(scope: null, cancellationToken);
        Set(JobStatus.Pending, counts.Pending);
        Set(JobStatus.Running, counts.Running);
        Set(JobStatus.Done, counts.Done);
        Set(JobStatus.Failed, counts.Failed);

        void Set(JobStatus status, int count) => metrics.JobsByStatus.WithLabels(QueueMetrics.SnakeCase(status.ToString())).Set(count);
    }
}
