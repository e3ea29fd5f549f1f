using CsCheck;
using JobQueue.Jobs.Events;

namespace JobQueue.Tests.Jobs.Events;

/// <summary>Places in a stream of which every process has an order of its own.</summary>
public sealed class EventPositionTests
{
    private const int Writers = 6;
    private const int Batches = 3;
    private const int Events = 2;

    /// <summary>Whatever one may have seen: of each writer so many events.</summary>
    private static readonly Gen<EventPosition> Positions = Gen.Int[0, Batches * Events].Array[Writers].Select(Of);

    [Fact]
    public void Place_covers_another_when_it_contains_all_its_events() =>
        Gen.Select(Positions, Positions).Sample((one, other) =>
            one.Covers(other) == All().All(each => !Contains(other, each) || Contains(one, each)));

    [Fact]
    public void Joined_places_contain_what_either_contains() =>
        Gen.Select(Positions, Positions).Sample((one, other) =>
        {
            var joined = one.Join(other);
            Assert.All(All(), each => Assert.Equal(Contains(one, each) || Contains(other, each), Contains(joined, each)));
            Assert.True(joined.Covers(one) && joined.Covers(other));
        });

    [Fact]
    public void Place_after_an_event_contains_it_and_nothing_more_of_its_writer() =>
        Gen.Select(Positions, Gen.Int[0, Writers - 1], Gen.Long[1, Batches], Gen.Int[0, Events - 1]).Sample((position, writer, number, index) =>
        {
            var place = new BatchPlace(position.After(writer, number - 1), writer, number, Events);
            var after = place.PositionAfter(index);
            Assert.Equal(
                All().Where(each => each.Writer == writer && (each.Number, each.Index).CompareTo((number, index)) <= 0),
                All().Where(each => each.Writer == writer && Contains(after, each)));
            Assert.True(place.IsSeenAt(after, index) && !place.IsSeenAt(place.PositionBefore(index), index));
        });

    [Fact]
    public void Place_survives_its_way_to_the_caller_and_back() =>
        Positions.Sample(position =>
        {
            using var ids = new EventIds(new byte[EventIds.KeyBytes]);
            var id = ids.Of(position);
            Assert.Equal(id, ids.Of(ids.Read(id)));
            Assert.All([id, ids.SaltedOf(position)], each =>
            {
                var read = ids.Read(each)!;
                Assert.True(read.Covers(position) && position.Covers(read));
            });
        });

    [Fact]
    public void Places_of_two_streams_have_nothing_to_do_with_each_other() =>
        Positions.Sample(position =>
        {
            var other = EventPosition.Of(7, new Dictionary<int, long> { [0] = Batches + 1 });
            Assert.False(other.Covers(position) || position.Covers(other));
            Assert.Same(other, other.Join(position));
            Assert.False(new BatchPlace(position, 0, 1, Events).IsSeenAt(other, 0));
        });

    [Fact]
    public void Changed_or_foreign_id_is_no_place()
    {
        using var ids = new EventIds(new byte[EventIds.KeyBytes]);
        using var others = new EventIds([1, .. new byte[EventIds.KeyBytes - 1]]);
        var id = ids.Of(EventPosition.Start.After(3, 7));

        Assert.NotNull(ids.Read(id));
        Assert.Null(others.Read(id));
        Assert.Null(ids.Read(ids.Of(null)));
        for (var at = 0; at < id.Length; at++)
            Assert.Null(ids.Read($"{id[..at]}{(id[at] == 'A' ? 'B' : 'A')}{id[(at + 1)..]}"));
    }

    private static EventPosition Of(int[] seen)
    {
        var position = EventPosition.Start;
        for (var writer = 0; writer < Writers; writer++)
        {
            if (seen[writer] > 0)
                position = position.After(writer, (seen[writer] / Events) + 1, seen[writer] % Events);
        }

        return position;
    }

    private static bool Contains(EventPosition position, (int Writer, long Number, int Index) each) =>
        position.Contains(each.Writer, each.Number, each.Index);

    private static IEnumerable<(int Writer, long Number, int Index)> All() =>
        from writer in Enumerable.Range(0, Writers)
        from number in Enumerable.Range(1, Batches + 2)
        from index in Enumerable.Range(0, Events)
        select (writer, (long)number, index);
}
