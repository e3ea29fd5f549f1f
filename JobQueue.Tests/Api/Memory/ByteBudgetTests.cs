using JobQueue.Api.Memory;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Memory;

public sealed class ByteBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ByteBudget _budget;

    public ByteBudgetTests() => _budget = new ByteBudget(100, _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_finds_no_room_waits_in_order_until_there_is()
    {
        var first = await TakeAsync(80);
        var second = TakeAsync(60);
        var third = TakeAsync(10);
        Assert.False(third.IsCompleted, "The third does not overtake the second, though it would fit.");

        first.Dispose();

        using var two = await second;
        using var three = await third;
        Assert.Equal(70, _budget.Taken);
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused_and_no_longer_holds_up_those_behind()
    {
        using var first = await TakeAsync(80);
        var second = TakeAsync(60);
        var third = TakeAsync(10);

        _time.Advance(ByteBudget.Patience);

        await Assert.ThrowsAsync<NoRoomException>(() => second);
        // The third may have been refused in the same moment, or let in.
        await Task.WhenAny(third);
        using var fourth = await TakeAsync(20 - (int)(_budget.Taken - 80));
        Assert.Equal(100, _budget.Taken);
        if (third.IsCompletedSuccessfully)
            (await third).Dispose();
    }

    [Fact]
    public async Task Who_would_wait_behind_too_much_is_refused_at_once()
    {
        using var first = await TakeAsync(80);
        var waiting = Enumerable.Range(0, 4).Select(_ => TakeAsync(100)).ToList();

        await Assert.ThrowsAsync<NoRoomException>(() => TakeAsync(1));

        Assert.All(waiting, each => Assert.False(each.IsCompleted));
    }

    [Fact]
    public async Task What_is_larger_than_everything_goes_alone()
    {
        using var large = await TakeAsync(1_000);
        var small = TakeAsync(1);
        Assert.False(small.IsCompleted);

        large.Set(50);

        using var let = await small;
        Assert.Equal(51, _budget.Taken);
    }

    [Fact]
    public async Task Who_goes_away_while_waiting_leaves_nothing_behind()
    {
        using var first = await TakeAsync(100);
        using var gone = new CancellationTokenSource();
        var room = _budget.Open();
        var waiting = room.GrowAsync(50, gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        room.Dispose();
        first.Set(0);
        Assert.Equal(0, _budget.Taken);
    }

    private async Task<Room> TakeAsync(int bytes)
    {
        var room = _budget.Open();
        await room.GrowAsync(bytes, Cancellation);
        return room;
    }
}
