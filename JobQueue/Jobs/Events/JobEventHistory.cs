using System.Globalization;
using System.Security.Cryptography;

namespace JobQueue.Jobs.Events;

/// <summary>
/// The last events of this process, numbered, so that followers who were cut off can go on where they were, and the way to follow.
/// What a follower does not fetch in time costs their own bounded buffer only: it is emptied, and they are told that there is a gap.
/// Thread-safe.
/// </summary>
public sealed class JobEventHistory : IDisposable
{
    /// <summary>Events kept for those who come back, and the most that wait for one follower.</summary>
    public const int Kept = 16_384;

    /// <summary>What those events may take in memory together: errors of failing jobs may be long.</summary>
    public const long KeptBytes = 16 << 20;

    private readonly JobEvent?[] _ring = new JobEvent?[Kept];
    private readonly List<EventFollower> _followers = [];
    private readonly Lock _lock = new();
    private readonly IDisposable _subscription;
    private readonly string _process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));

    /// <summary>The newest event's number; the first one gets 1.</summary>
    private long _last;

    /// <summary>The oldest one that is kept.</summary>
    private long _first = 1;
    private long _bytes;

    public JobEventHistory(JobFeed feed) => _subscription = feed.Subscribe("The event streams", Append);

    /// <summary>Follows what matches from now on, or from after the event of the given id.</summary>
    /// <param name="lastId">The last event seen; <see langword="null"/> to begin now. One that is unknown or too old makes a gap.</param>
    public EventFollower Follow(EventFilter filter, string? lastId)
    {
        lock (_lock)
        {
            var follower = new EventFollower(this, filter, _last);
            if (lastId is not null && !TryResume(follower, lastId))
                follower.AddGap(_last);
            _followers.Add(follower);
            return follower;
        }
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>An event's opaque id: good for this process alone, since the numbers begin anew in the next.</summary>
    internal string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_process}-{number}");

    internal void Remove(EventFollower follower)
    {
        lock (_lock)
            _followers.Remove(follower);
    }

    /// <summary>Offers what came after the event of that id; false when part of it is not known any more, or never was.</summary>
    private bool TryResume(EventFollower follower, string lastId)
    {
        if (!TryParse(lastId, out var seen) || seen > _last || seen < _first - 1)
            return false;
        for (var number = seen + 1; number <= _last; number++)
            follower.Offer(number, _ring[number % Kept]!);
        return true;
    }

    private bool TryParse(string id, out long number)
    {
        number = 0;
        return id.StartsWith(_process, StringComparison.Ordinal)
            && id.Length > _process.Length + 1
            && id[_process.Length] == '-'
            && long.TryParse(id.AsSpan(_process.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private void Append(IReadOnlyList<JobEvent> batch)
    {
        lock (_lock)
        {
            foreach (var each in batch)
            {
                var number = ++_last;
                _bytes += each.Bytes;
                while (number - _first >= Kept || (_bytes > KeptBytes && _first < number))
                    Forget(_first++);
                _ring[number % Kept] = each;
                foreach (var follower in _followers)
                    follower.Offer(number, each);
            }
        }
    }

    private void Forget(long number)
    {
        _bytes -= _ring[number % Kept]!.Bytes;
        _ring[number % Kept] = null;
    }
}
