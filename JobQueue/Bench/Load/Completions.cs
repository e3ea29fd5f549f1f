using JobQueue.Jobs.Events;

namespace JobQueue.Bench.Load;

/// <summary>Counts the jobs whose end is on disk, and lets one caller wait for a number of them.</summary>
internal sealed class Completions : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IDisposable _subscription;
    private long _count;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource? _reached;

    public Completions(JobFeed feed) => _subscription = feed.SubscribeToAll("The bench", Count);

    /// <summary>Jobs done since the server started.</summary>
    public long Total
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>Waits until so many jobs are done since the server started.</summary>
    public Task WhenAsync(long total, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count >= total)
                return Task.CompletedTask;
            (_awaited, _reached) = (total, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            return _reached.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _subscription.Dispose();

    private void Count(EventBatch batch)
    {
        var done = 0;
        for (var i = 0; i < batch.Events.Count; i++)
        {
            if (batch.Events[i].Kind == JobEventKind.Done)
                done++;
        }

        if (done == 0)
            return;
        lock (_gate)
        {
            _count += done;
            if (_count < _awaited)
                return;
            _awaited = long.MaxValue;
            _reached!.SetResult();
        }
    }
}
