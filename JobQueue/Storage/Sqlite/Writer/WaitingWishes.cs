using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Leasing;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// Wishes that wait, by what they may take: tenant, type and queue, each of them or any. So a lane finds the first wish for its
/// job without looking at those for other jobs. Belongs to the writer's thread.
/// </summary>
internal sealed class WaitingWishes
{
    /// <summary>A wish for more pairs of type and queue than this is found by its types, and asked about the queue.</summary>
    private const int MaxPlaces = 200;

    private const int Shapes = 8;

    private readonly Dictionary<LeaseCommand, Entry> _entries = [];
    private readonly Dictionary<Place, Bucket> _buckets = [];

    /// <summary>How many buckets there are of places that name tenant, type and queue or leave one of them open.</summary>
    private readonly int[] _bucketsOfShape = new int[Shapes];

    private static readonly IReadOnlyCollection<string?> Any = [null];

    private long _numbers;

    public int Count => _entries.Count;

    public void Add(LeaseCommand wish)
    {
        IReadOnlyCollection<string?> types = wish.Request.Types ?? Any, queues = wish.Request.Queues ?? Any;
        if (types.Count * queues.Count > MaxPlaces)
            queues = Any;
        var nodes = new List<LinkedListNode<LeaseCommand>>(types.Count * queues.Count);
        foreach (var type in types)
        {
            foreach (var queue in queues)
                nodes.Add(BucketAt(new Place(wish.Request.Tenant?.Value, type, queue)).AddLast(wish));
        }

        _entries.Add(wish, new Entry(++_numbers, nodes));
    }

    public void Remove(LeaseCommand wish)
    {
        if (!_entries.Remove(wish, out var entry))
            return;
        foreach (var node in entry.Nodes)
        {
            var bucket = (Bucket)node.List!;
            bucket.Remove(node);
            if (bucket.Count > 0)
                continue;
            _buckets.Remove(bucket.Place);
            _bucketsOfShape[bucket.Place.Shape]--;
        }
    }

    /// <summary>Empties it. Answers those that waited.</summary>
    public IReadOnlyList<LeaseCommand> Clear()
    {
        IReadOnlyList<LeaseCommand> all = [.. _entries.Keys];
        _entries.Clear();
        _buckets.Clear();
        Array.Clear(_bucketsOfShape);
        return all;
    }

    /// <summary>Of the wishes that may take the line's first job, the one that has waited longest.</summary>
    public LeaseCommand? FirstFor(ReadyLine line, RunnableLanes lanes)
    {
        LeaseCommand? first = null;
        var number = long.MaxValue;
        for (var shape = 0; shape < Shapes; shape++)
        {
            if (_bucketsOfShape[shape] == 0 || !_buckets.TryGetValue(Place.Of(line.Home, shape), out var bucket))
                continue;
            for (var node = bucket.First; node is not null; node = node.Next)
            {
                if (_entries[node.Value].Number is var own && own >= number)
                    break;
                if (!lanes.MayTake(line, node.Value.Request))
                    continue;
                (first, number) = (node.Value, own);
                break;
            }
        }

        return first;
    }

    private Bucket BucketAt(Place place)
    {
        if (_buckets.TryGetValue(place, out var bucket))
            return bucket;
        _buckets.Add(place, bucket = new Bucket(place));
        _bucketsOfShape[place.Shape]++;
        return bucket;
    }

    /// <param name="Number">Rises with the time at which wishes began to wait.</param>
    private sealed record Entry(long Number, List<LinkedListNode<LeaseCommand>> Nodes);

    private sealed class Bucket(Place place) : LinkedList<LeaseCommand>
    {
        public Place Place { get; } = place;
    }

    /// <summary>Null stands for any.</summary>
    private readonly record struct Place(int? Tenant, string? Type, string? Queue)
    {
        public int Shape => (Tenant is null ? 0 : 1) | (Type is null ? 0 : 2) | (Queue is null ? 0 : 4);

        public static Place Of(Lane lane, int shape) => new(
            (shape & 1) == 0 ? null : lane.Tenant.Id.Value, (shape & 2) == 0 ? null : lane.Type, (shape & 4) == 0 ? null : lane.Queue);
    }
}
