using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace JobQueue.Workers.Pool;

/// <summary>
/// How long jobs of each type take, learned from their runs: what tells which types may be leased ahead of a free slot, and how
/// many. Thread-safe.
/// </summary>
/// <remarks>
/// A moving mean that believes long runs quickly and short ones slowly: leasing too far ahead makes other jobs wait, leasing
/// too little only costs a little speed.
/// </remarks>
internal sealed class RunTimes
{
    /// <summary>What is leased ahead should start within this time.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Half of it is fetched at a time, in one commit: measured on two cores by <c>bench --only store</c>, 200 drains a tenth faster than 100, and 300 no
    /// faster than 200.
    /// </summary>
    public const int MaxAhead = 200;

    /// <summary>Runs after which a type counts as known.</summary>
    public const int KnownAfter = 4;

    private const double WeightOfLonger = 1.0 / 2;
    private const double WeightOfShorter = 1.0 / 16;

    private readonly ConcurrentDictionary<string, Mean> _byType = new(StringComparer.Ordinal);
    private readonly Mean _ofShortTypes = new();
    private readonly Lock _gate = new();
    private volatile IReadOnlySet<string> _shortTypes = FrozenSet<string>.Empty;

    /// <summary>Types known to be over so soon that one more job of them may wait for its slot in memory. Each answer stays as it is.</summary>
    public IReadOnlySet<string> ShortTypes => _shortTypes;

    /// <summary>Takes note of a run.</summary>
    public void Record(string type, TimeSpan elapsed)
    {
        var mean = _byType.GetOrAdd(type, static _ => new Mean());
        if (mean.Add(elapsed.TotalSeconds))
            Relearn();
        if (mean.IsShort)
            _ofShortTypes.Add(elapsed.TotalSeconds);
    }

    /// <summary>How many jobs of the short types to lease ahead, so that the last of them starts within <see cref="Window"/>.</summary>
    /// <param name="slots">Slots that take part: free, or busy with something short.</param>
    public int Ahead(int slots)
    {
        if (_ofShortTypes.Runs == 0)
            return 0;
        var ahead = Window.TotalSeconds * slots / Math.Max(_ofShortTypes.Seconds, 1e-9);
        return (int)Math.Min(MaxAhead, ahead);
    }

    private void Relearn()
    {
        lock (_gate)
            _shortTypes = _byType.Where(pair => pair.Value.IsShort).Select(pair => pair.Key).ToFrozenSet(StringComparer.Ordinal);
    }

    private sealed class Mean
    {
        private readonly Lock _gate = new();
        private double _seconds;
        private int _runs;

        public double Seconds => Volatile.Read(ref _seconds);

        /// <summary>Counted up to <see cref="KnownAfter"/>.</summary>
        public int Runs => Volatile.Read(ref _runs);

        public bool IsShort => Runs == KnownAfter && Seconds <= Window.TotalSeconds;

        /// <returns>Whether it is short now and was not, or the other way round.</returns>
        public bool Add(double seconds)
        {
            lock (_gate)
            {
                var was = IsShort;
                var weight = _runs == 0 ? 1 : seconds > _seconds ? WeightOfLonger : WeightOfShorter;
                Volatile.Write(ref _seconds, _seconds + (weight * (seconds - _seconds)));
                if (_runs < KnownAfter)
                    Volatile.Write(ref _runs, _runs + 1);
                return IsShort != was;
            }
        }
    }
}
