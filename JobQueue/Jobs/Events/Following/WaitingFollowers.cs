using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Events.Following;

/// <summary>
/// The followers of a window who have taken all there was, by what they wait for: an event costs only those it concerns, and each
/// of them once, until they wait again. Belongs to the window's lock.
/// </summary>
internal sealed class WaitingFollowers
{
    private readonly Dictionary<JobId, HashSet<EventFollower>> _byJob = [];
    private readonly Dictionary<string, HashSet<EventFollower>> _byQueue = [];
    private readonly HashSet<EventFollower> _others = [];

    public void Add(EventFollower follower)
    {
        if (follower.Filter.JobId is { } job)
            SetOf(_byJob, job).Add(follower);
        else if (follower.Filter.Queue is { } queue)
            SetOf(_byQueue, queue).Add(follower);
        else
            _others.Add(follower);
    }

    public void Remove(EventFollower follower)
    {
        if (follower.Filter.JobId is { } job)
            RemoveFrom(_byJob, job, follower);
        else if (follower.Filter.Queue is { } queue)
            RemoveFrom(_byQueue, queue, follower);
        else
            _others.Remove(follower);
    }

    /// <summary>Wakes those who wait for an event such as this one.</summary>
    public void Wake(KeptEvent kept, JobEvent committed)
    {
        Wake(_others, kept);
        if (_byQueue.Count > 0 && _byQueue.Remove(committed.Queue, out var ofQueue))
            Wake(ofQueue, kept);
        if (_byJob.Count == 0 || !_byJob.TryGetValue(committed.JobId, out var ofJob))
            return;
        // Who names a queue too may have named another one.
        foreach (var follower in ofJob.Where(follower => follower.Filter.Matches(committed)).ToList())
        {
            RemoveFrom(_byJob, committed.JobId, follower);
            follower.Wake(kept.Number, kept.PositionBefore);
        }
    }

    /// <summary>Wakes everybody.</summary>
    public void WakeAll(long number)
    {
        foreach (var follower in _byQueue.Values.Concat(_byJob.Values).Append(_others).SelectMany(static followers => followers))
            follower.Wake(number, null);
        _others.Clear();
        _byQueue.Clear();
        _byJob.Clear();
    }

    private static void Wake(HashSet<EventFollower> followers, KeptEvent kept)
    {
        if (followers.Count == 0)
            return;
        var position = kept.PositionBefore;
        foreach (var follower in followers)
            follower.Wake(kept.Number, position);
        followers.Clear();
    }

    private static HashSet<EventFollower> SetOf<TKey>(Dictionary<TKey, HashSet<EventFollower>> sets, TKey key)
        where TKey : notnull
    {
        if (!sets.TryGetValue(key, out var set))
            sets[key] = set = [];
        return set;
    }

    private static void RemoveFrom<TKey>(Dictionary<TKey, HashSet<EventFollower>> sets, TKey key, EventFollower follower)
        where TKey : notnull
    {
        if (sets.TryGetValue(key, out var set) && set.Remove(follower) && set.Count == 0)
            sets.Remove(key);
    }
}
