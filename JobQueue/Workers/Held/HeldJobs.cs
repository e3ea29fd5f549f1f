using System.Collections.Concurrent;
using System.Collections.Immutable;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;

namespace JobQueue.Workers.Held;

/// <summary>
/// Every job this process holds a lease of, from the lease until its outcome is on disk. Passes on what the feed says about
/// them: a cancel request, a lease that ran out. Thread-safe.
/// </summary>
internal sealed class HeldJobs : IDisposable
{
    private readonly ConcurrentDictionary<JobId, HeldJob> _jobs = new();
    private readonly IDisposable _subscription;

    // Written by the feed alone. A cancel may be committed before the answer to the lease has come in here; remembered until
    // the attempt ends, it is not lost.
    private ImmutableHashSet<(JobId Job, int Attempt)> _cancelRequested = [];

    public HeldJobs(JobFeed feed) => _subscription = feed.SubscribeToAll("The worker pool", OnHappened);

    public bool IsEmpty => _jobs.IsEmpty;

    public IEnumerable<HeldJob> All => _jobs.Select(pair => pair.Value);

    public void Add(HeldJob job)
    {
        var id = job.Job.Id;
        // The same job again: the lease of its earlier attempt was lost, its handler has not noticed yet.
        if (_jobs.TryGetValue(id, out var earlier))
            earlier.Stop(StopReason.LeaseLost);
        _jobs[id] = job;
        if (Volatile.Read(ref _cancelRequested).Contains((id, job.Job.Attempts)))
            job.Stop(StopReason.CancelRequested);
    }

    public void Remove(HeldJob job) => _jobs.TryRemove(KeyValuePair.Create(job.Job.Id, job));

    /// <summary>Tells the handler of a lost lease to stop; its result will be dropped.</summary>
    public bool Lose(LeaseToken lease) =>
        _jobs.TryGetValue(lease.Job, out var job) && job.Token == lease && job.Stop(StopReason.LeaseLost);

    /// <summary>Tells the handler of a job that is to be cancelled to stop.</summary>
    public bool Cancel(LeaseToken lease) =>
        _jobs.TryGetValue(lease.Job, out var job) && job.Token == lease && job.Stop(StopReason.CancelRequested);

    public void Dispose() => _subscription.Dispose();

    private void OnHappened(EventBatch batch)
    {
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var committed = batch.Events[i];
            switch (committed.Kind)
            {
                case JobEventKind.CancelRequested:
                    // First remember, then look: Add does it the other way round, so one of the two sees the other.
                    Interlocked.Exchange(ref _cancelRequested, _cancelRequested.Add((committed.JobId, committed.Attempt)));
                    Stop(committed, StopReason.CancelRequested);
                    break;
                case JobEventKind.LeaseExpired:
                    Forget(committed);
                    Stop(committed, StopReason.LeaseLost);
                    break;
                case JobEventKind.Done or JobEventKind.Cancelled or JobEventKind.Failed or JobEventKind.Released:
                    Forget(committed);
                    break;
            }
        }
    }

    private void Stop(JobEvent committed, StopReason reason)
    {
        if (_jobs.TryGetValue(committed.JobId, out var job) && job.Job.Attempts == committed.Attempt)
            job.Stop(reason);
    }

    private void Forget(JobEvent committed)
    {
        if (!_cancelRequested.IsEmpty)
            Interlocked.Exchange(ref _cancelRequested, _cancelRequested.Remove((committed.JobId, committed.Attempt)));
    }
}
