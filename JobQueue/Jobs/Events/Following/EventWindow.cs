using JobQueue.Jobs.Model;

namespace JobQueue.Jobs.Events.Following;

/// <summary>
/// The last events of one scope (a tenant, or all), bounded in bytes, and those who follow it. A follower has no buffer of their
/// own but a place in here; who falls behind the oldest event kept is told of a gap, unless the store still has it. Thread-safe.
/// </summary>
/// <remarks>
/// Where room is short, progress goes first that newer progress of the same job has outdated, and nobody misses it. So a job
/// that reports without end takes the room of one event, and pushes nothing out.
/// </remarks>
internal sealed class EventWindow
{
    /// <summary>Events taken at once, so that a follower who comes back is not a burden all at once.</summary>
    private const int MaxTaken = 256;

    /// <summary>Less than the number of any event.</summary>
    private const long BeforeAll = -1;

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

    /// <summary>The place after which everything is here, as long as no event was pushed out since.</summary>
    private EventPosition _begin;

    /// <summary>The newest event that was pushed out.</summary>
    private KeptEvent? _pushedOut;

    /// <summary>The number of the newest event, or where the window began.</summary>
    private long _last;

    /// <param name="ids">Of the store.</param>
    /// <param name="number">What happened up to here is not here.</param>
    /// <param name="begin">The same as a place.</param>
    public EventWindow(EventIds ids, long number, EventPosition begin) =>
        (_ids, _lost, _last, _begin) = (ids, number, number, begin);

    /// <summary>Those who follow it now. Belongs to the lock of the windows' owner, as the next does.</summary>
    public int Followers { get; set; }

    public long AbandonedAt { get; set; }

    private EventPosition Begin => _pushedOut?.Position ?? _begin;

    /// <summary>Lets a follower begin now.</summary>
    public void BeginNow(EventFollower follower, EventPosition now)
    {
        lock (_lock)
            (follower.Place, follower.Position) = (_last, now);
    }

    /// <summary>Lets a follower go on from a place, <see langword="null"/> when it is not known.</summary>
    public void Resume(EventFollower follower, EventPosition? seen)
    {
        lock (_lock)
        {
            (follower.Position, follower.Ahead) = (seen, seen);
            follower.Place = seen is not null && seen.Covers(Begin) ? NumberAt(seen) : BeforeAll;
        }
    }

    public void Append(long number, BatchPlace place, int index, JobEvent committed)
    {
        lock (_lock)
        {
            var kept = new KeptEvent(number, place, index, committed);
            if (committed.Kind == JobEventKind.Progress)
            {
                if (_progress.TryGetValue(committed.JobId, out var earlier))
                    _outdated.Enqueue(earlier);
                _progress[committed.JobId] = kept;
            }

            _events.Add(kept);
            (_last, _bytes) = (number, _bytes + kept.Bytes);
            Trim();
            _waiting.Wake(kept, committed);
        }
    }

    /// <summary>Gives up everything: what happened up to here was missed.</summary>
    public void Lose(long number, EventPosition position)
    {
        lock (_lock)
        {
            _events.Clear();
            _progress.Clear();
            _outdated.Clear();
            (_oldest, _givenUp, _bytes, _lost, _last, _begin, _pushedOut) = (0, 0, 0, number, number, position, null);
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
    /// <param name="missing">What comes next that is not here; with it, nothing is taken.</param>
    public List<FollowedEvent> Take(EventFollower follower, out MissingEvents? missing)
    {
        lock (_lock)
        {
            List<FollowedEvent> taken = [];
            missing = follower.Place < _lost ? new MissingEvents(follower.Position?.Join(follower.Ahead), Begin, _lost) : null;
            if (missing is not null)
                return taken;
            KeptEvent? last = null;
            for (var index = IndexAfter(follower.Place); index < _events.Count && taken.Count < MaxTaken; index++)
            {
                last = _events[index];
                follower.Place = last.Number;
                if (last.Event is { } committed && follower.Filter.Matches(committed) && !(follower.Ahead is { } ahead && last.IsSeenAt(ahead)))
                    taken.Add(new FollowedEvent(IdOf(last, follower), committed));
            }

            if (last is not null)
            {
                follower.Position = last.Position;
                if (follower.Ahead is { } ahead && last.Place.Before.Covers(ahead))
                    follower.Ahead = null;
            }

            follower.Waits = taken.Count == 0;
            if (follower.Waits)
                _waiting.Add(follower);
            return taken;
        }
    }

    /// <summary>What comes next for a follower of what is not here.</summary>
    /// <param name="read"><see langword="null"/> when it is gone: the follower is told of the gap.</param>
    public List<FollowedEvent> Take(EventFollower follower, MissingEvents missing, EventsRead? read)
    {
        lock (_lock)
        {
            if (read is null)
            {
                (follower.Place, follower.Position) = (_lost, Begin.Join(follower.Ahead));
                follower.Ahead = follower.Ahead is null || Begin.Covers(follower.Position) ? null : follower.Position;
                return [new FollowedEvent(_ids.Of(follower.Position), null)];
            }

            (follower.Position, follower.Ahead) = (read.Reached, read.Reached);
            if (read.Reached.Covers(missing.UpTo))
                follower.Place = missing.Number;
            return [.. read.Events.Select(each => new FollowedEvent(_ids.Of(each.Position), each.Event))];
        }
    }

    /// <summary>Brings one who waits up to the newest event, none of which was for them.</summary>
    /// <param name="told">
    /// The place up to which everything is here, where it matters that other scopes move on too; they stay out of sight.
    /// </param>
    /// <returns>The id to resume from; <see langword="null"/> when nothing has passed.</returns>
    public string? MoveOn(EventFollower follower, EventPosition? told)
    {
        lock (_lock)
        {
            if (!follower.Waits || (follower.Place == _last && told is null))
                return null;
            var position = (told ?? (_events.Count > 0 ? _events[^1].Position : Begin)).Join(follower.Ahead);
            (follower.Place, follower.Position) = (_last, position);
            return told is null ? _ids.Of(position) : _ids.SaltedOf(position);
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
            (_lost, _pushedOut) = (oldest.Number, oldest);
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

    private string IdOf(KeptEvent kept, EventFollower follower) =>
        follower.Ahead is { } ahead ? _ids.Of(kept.Position.Join(ahead)) : kept.IdFrom(_ids);

    /// <summary>The number up to which everything here was seen at a place.</summary>
    private long NumberAt(EventPosition seen)
    {
        var (low, high) = (_oldest, _events.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (seen.Covers(_events[middle].Position))
                low = middle + 1;
            else
                high = middle;
        }

        return low > _oldest ? _events[low - 1].Number : _lost;
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
