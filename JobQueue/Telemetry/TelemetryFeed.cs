using JobQueue.Jobs.Events;
using JobQueue.Storage;

namespace JobQueue.Telemetry;

/// <summary>Lets log and metrics hear every committed event, from before the store starts until after it has stopped.</summary>
internal sealed class TelemetryFeed(JobFeed feed, StoreObserver store, JobEventLog log, QueueMetrics metrics) : IHostedService, IDisposable
{
    private IDisposable? _log;
    private IDisposable? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
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
}
