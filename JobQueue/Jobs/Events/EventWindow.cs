using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Events;

/// <summary>
/// The last events of one scope (a tenant, or all), bounded in bytes, and those who follow it. A follower has no buffer of their
/// own but a place in here; who falls behind the oldest event kept is told of a gap. Thread-safe.
/// </summary>
/// <remarks>
/// Where room is short, progress goes first that newer progress of the same job has outdated, and nobody misses it. So a job
/// that reports without end takes the room of one event, and pushes nothing out.
/// </remarks>
internal sealed class EventWindow
{
    /// <summary>Events taken at once, so that a follower who comes back is not a burden all at once.</summary>
    private const int MaxTaken = 256;

    private readonly Lock _lock = new();
    private readonly List<KeptEvent> _events = [];
    private readonly Dictionary<JobId, KeptEvent> _progress = [];
    private readonly Queue<KeptEvent> _outdated = [];
    private readonly WaitingFollowers _waiting = new();
    private readonly EventIds _ids;
    private int _oldest;
    private int _givenUp;
    private long _bytes;
    private long _budget;

    /// <summary>The number of the newest event that is not here any more, though one who resumes before it needs it.</summary>
    private long _lost;

    /// <summary>The number of the newest event, or where the window began.</summary>
    private long _last;

    /// <param name="ids">Of the process.</param>
    /// <param name="number">What happened up to here is not known.</param>
    public EventWindow(EventIds ids, long number) => (_ids, _lost, _last) = (ids, number, number);

    /// <summary>Those who follow it now. Belongs to the lock of the windows' owner, as the next does.</summary>
    public int Followers { get; set; }

    public long AbandonedAt { get; set; }

    /// <summary>Where a follower begins who has seen the event of that number; 0, which is always a gap, for none that is known.</summary>
    /// <param name="seen"><see langword="null"/> to begin now.</param>
    public long PlaceOf(long? seen)
    {
        lock (_lock)
            return seen is not { } number ? _last : number >= _lost ? number : 0;
    }

    public void Append(long number, JobEvent committed)
    {
        lock (_lock)
        {
            var kept = new KeptEvent(number, committed);
            if (committed.Kind == JobEventKind.Progress)
            {
                if (_progress.TryGetValue(committed.JobId, out var earlier))
                    _outdated.Enqueue(earlier);
                _progress[committed.JobId] = kept;
            }

            _events.Add(kept);
            (_last, _bytes) = (number, _bytes + kept.Bytes);
            Trim();
            _waiting.Wake(number, committed);
        }
    }

    /// <summary>Gives up everything: what happened up to the number was missed.</summary>
    public void Lose(long number)
    {
        lock (_lock)
        {
            _events.Clear();
            _progress.Clear();
            _outdated.Clear();
            (_oldest, _givenUp, _bytes, _lost, _last) = (0, 0, 0, number, number);
            _waiting.WakeAll(number);
        }
    }

    /// <summary>Sets how many bytes the events may take.</summary>
    public void Limit(long bytes)
    {
        lock (_lock)
        {
            _budget = bytes;
            Trim();
        }
    }

    /// <summary>What comes next for a follower. With nothing, they wait, and are woken when there is something.</summary>
    public List<FollowedEvent> Take(EventFollower follower)
    {
        lock (_lock)
        {
            List<FollowedEvent> taken = [];
            if (follower.Place < _lost)
            {
                follower.Place = _lost;
                taken.Add(new FollowedEvent(_ids.Of(_lost), null));
            }

            for (var index = IndexAfter(follower.Place); index < _events.Count && taken.Count < MaxTaken; index++)
            {
                var kept = _events[index];
                follower.Place = kept.Number;
                if (kept.Event is { } committed && follower.Filter.Matches(committed))
                    taken.Add(new FollowedEvent(kept.IdFrom(_ids), committed));
            }

            follower.Waits = taken.Count == 0;
            if (follower.Waits)
                _waiting.Add(follower);
            return taken;
        }
    }

    /// <summary>Brings one who waits up to the newest event, none of which was for them.</summary>
    /// <returns>The id to resume from; <see langword="null"/> when nothing has passed.</returns>
    public string? MoveOn(EventFollower follower)
    {
        lock (_lock)
        {
            if (!follower.Waits || follower.Place == _last)
                return null;
            follower.Place = _last;
            return _ids.Of(_last);
        }
    }

    public void Remove(EventFollower follower)
    {
        lock (_lock)
            _waiting.Remove(follower);
    }

    public void WakeAll()
    {
        lock (_lock)
            _waiting.WakeAll(_last + 1);
    }

    private void Trim()
    {
        while (_bytes > _budget)
        {
            if (_outdated.TryDequeue(out var outdated))
            {
                GiveUp(outdated);
                continue;
            }

            var oldest = _events[_oldest++];
            if (oldest.Event is not { } committed)
            {
                _givenUp--;
                continue;
            }

            if (_progress.TryGetValue(committed.JobId, out var progress) && progress == oldest)
                _progress.Remove(committed.JobId);
            _lost = oldest.Number;
            _bytes -= oldest.Bytes;
        }

        // Moved together once they take half the room, so that each event is moved about once.
        if ((_oldest + _givenUp) * 2 <= _events.Count)
            return;
        _events.RemoveRange(0, _oldest);
        _events.RemoveAll(static kept => kept.Event is null);
        (_oldest, _givenUp) = (0, 0);
    }

    private void GiveUp(KeptEvent kept)
    {
        kept.GiveUp();
        _givenUp++;
        _bytes -= kept.Bytes;
    }

    private int IndexAfter(long number)
    {
        var (low, high) = (_oldest, _events.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_events[middle].Number <= number)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
