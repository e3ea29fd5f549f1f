using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;

namespace JobQueue.Dashboard.Live;

/// <summary>What the pages of one scope are to be told with the next notice. Not thread-safe.</summary>
internal sealed class LiveGathering
{
    private HashSet<JobId> _jobs = [];
    private bool _submitted;
    private bool _overflown;

    /// <summary>The pages that look at the scope.</summary>
    public List<LiveSubscription> Subscriptions { get; } = [];

    public bool IsEmpty { get; private set; } = true;

    public void Add(JobEvent happened)
    {
        IsEmpty = false;
        _submitted |= happened.Kind == JobEventKind.Submitted;
        // A paused queue changes what all its jobs wait for. Past the bound it costs nothing more to say that anything may have changed.
        _overflown = _overflown || !happened.IsAboutJob || _jobs.Count > LiveChanges.MaxJobs;
        if (!_overflown)
            _jobs.Add(happened.JobId);
    }

    /// <summary>Takes what was gathered and begins anew.</summary>
    public LiveChanges Take()
    {
        var changes = LiveChanges.Of(_jobs, _submitted, _overflown);
        (_jobs, _submitted, _overflown, IsEmpty) = ([], false, false, true);
        return changes;
    }
}
