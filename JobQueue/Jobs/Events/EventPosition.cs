namespace JobQueue.Jobs.Events;

/// <summary>
/// A place in the stream of what happens in all processes: how far the batches of each writer have been seen. Immutable.
/// </summary>
/// <remarks>
/// Each writer numbers its batches from 1 without a hole; nothing was seen of one that is not listed. Two processes hear of
/// concurrent batches in different orders: neither of two places needs to be behind the other.
/// </remarks>
internal sealed class EventPosition
{
    /// <summary>Events of one batch, at most.</summary>
    public const int MaxEvents = (1 << IndexBits) - 1;

    private const int IndexBits = 20;

    private readonly long _stream;
    private readonly int[] _writers;

    /// <summary>How far each writer was seen: its whole batches, and how many events of the next one.</summary>
    private readonly long[] _marks;

    private EventPosition(long stream, int[] writers, long[] marks) => (_stream, _writers, _marks) = (stream, writers, marks);

    /// <summary>Before everything, in the stream of a store that has but one.</summary>
    public static EventPosition Start { get; } = Of(0, new Dictionary<int, long>());

    /// <param name="stream">Numbers of another stream mean nothing in this one.</param>
    /// <param name="seen">How many of its batches were seen of each writer.</param>
    public static EventPosition Of(long stream, IReadOnlyDictionary<int, long> seen)
    {
        int[] writers = [.. seen.Keys.Order()];
        return new EventPosition(stream, writers, [.. writers.Select(writer => seen[writer] << IndexBits)]);
    }

    /// <summary>The writers of which something was seen, in rising order, each with how many batches, the one included of which a part was.</summary>
    public IEnumerable<(int Writer, long Batches)> Writers => _writers.Select((writer, each) => (writer, (_marks[each] + MaxEvents) >> IndexBits));

    /// <summary>How many whole batches of a writer were seen.</summary>
    public long BatchesOf(int writer) => MarkOf(writer) >> IndexBits;

    /// <summary>Whether an event was seen that a batch of this stream has at an index.</summary>
    public bool Contains(int writer, long number, int index) => MarkOf(writer) > MarkOf(number, index);

    public bool IsIn(long stream) => _stream == stream;

    public bool IsInStreamOf(EventPosition other) => IsIn(other._stream);

    /// <summary>After the writer's batch of that number, or only so many of its events.</summary>
    public EventPosition After(int writer, long number, int? events = null)
    {
        var mark = events is { } seen ? MarkOf(number, seen) : number << IndexBits;
        var at = Array.BinarySearch(_writers, writer);
        if (at < 0)
            return new EventPosition(_stream, [.. _writers[..~at], writer, .. _writers[~at..]], [.. _marks[..~at], mark, .. _marks[~at..]]);
        var marks = _marks.AsSpan().ToArray();
        marks[at] = mark;
        return new EventPosition(_stream, _writers, marks);
    }

    /// <summary>Whether all that was seen at the other place was seen here.</summary>
    public bool Covers(EventPosition other)
    {
        if (!IsInStreamOf(other))
            return false;
        for (var each = 0; each < other._writers.Length; each++)
        {
            if (MarkOf(other._writers[each]) < other._marks[each])
                return false;
        }

        return true;
    }

    /// <summary>The place of one who has seen what was seen at either. What was seen of another stream says nothing.</summary>
    public EventPosition Join(EventPosition? other)
    {
        if (other is null || !IsInStreamOf(other) || Covers(other))
            return this;
        int[] writers = [.. _writers.Union(other._writers).Order()];
        return new EventPosition(_stream, writers, [.. writers.Select(writer => Math.Max(MarkOf(writer), other.MarkOf(writer)))]);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64(_stream);
        writer.Write7BitEncodedInt(_writers.Length);
        for (var (each, last) = (0, 0); each < _writers.Length; last = _writers[each++])
        {
            var (number, events) = (_marks[each] >> IndexBits, (int)(_marks[each] & MaxEvents));
            writer.Write7BitEncodedInt(_writers[each] - last);
            writer.Write7BitEncodedInt64((number << 1) | (events > 0 ? 1L : 0));
            if (events > 0)
                writer.Write7BitEncodedInt(events);
        }
    }

    public static EventPosition Read(BinaryReader reader)
    {
        var stream = reader.Read7BitEncodedInt64();
        var (writers, marks) = (new List<int>(), new List<long>());
        for (var (left, last) = (reader.Read7BitEncodedInt(), 0); left > 0; left--)
        {
            writers.Add(last += reader.Read7BitEncodedInt());
            var number = reader.Read7BitEncodedInt64();
            marks.Add(((number >> 1) << IndexBits) | ((number & 1) == 0 ? 0L : (long)reader.Read7BitEncodedInt()));
        }

        return new EventPosition(stream, [.. writers], [.. marks]);
    }

    private static long MarkOf(long number, int events) => ((number - 1) << IndexBits) + events;

    private long MarkOf(int writer) => Array.BinarySearch(_writers, writer) is >= 0 and var at ? _marks[at] : 0;
}
