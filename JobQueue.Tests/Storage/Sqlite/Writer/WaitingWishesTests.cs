using CsCheck;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Leasing;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Tests.Storage.Sqlite.Writer;

public sealed class WaitingWishesTests
{
    [Fact]
    public void Lane_finds_the_wish_that_waits_longest_of_those_that_may_take_its_job() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var board = new LaneBoard();
                var lanes = Enumerable.Range(0, 27).Select(number => AddLane(board, number)).ToList();
                var waiting = new WaitingWishes();
                var all = new List<LeaseCommand>();
                for (var step = 0; step < 200; step++)
                {
                    if (all.Count > 0 && random.Next(3) == 0)
                    {
                        var gone = all[random.Next(all.Count)];
                        all.Remove(gone);
                        waiting.Remove(gone);
                    }
                    else
                    {
                        all.Add(Wish(random));
                        waiting.Add(all[^1]);
                    }

                    var lane = lanes[random.Next(lanes.Count)];
                    Assert.Equal(all.Find(wish => board.Runnable.MayTake(lane, wish.Request)), waiting.FirstFor(lane, board.Runnable));
                    Assert.Equal(all.Count, waiting.Count);
                }
            },
            iter: 50);

    private static Lane AddLane(LaneBoard board, int number)
    {
        var id = new TenantId(1 + (number % 3));
        var tenant = board.FindTenant(id);
        if (tenant is null)
            board.Add(tenant = new TenantState(id, $"tenant-{id}", new AcceptanceWindow(TimeProvider.System)));
        var lane = new Lane(number + 1, tenant, $"q{number / 3 % 3}", $"t{number / 9}", suspect: false);
        board.Add(lane);
        board.AddReady(lane, new ReadyKey(0, 0, JobId.Create(number, 0, 0)));
        return lane;
    }

    private static LeaseCommand Wish(Random random) => new(new LeaseRequest
    {
        Worker = new WorkerIdentity("w"),
        Tenant = random.Next(3) == 0 ? null : new TenantId(random.Next(1, 4)),
        Types = Names(random, "t"),
        Queues = Names(random, "q"),
        Slots = 1,
        Duration = TimeSpan.FromSeconds(30),
        Wait = Timeout.InfiniteTimeSpan,
    });

    /// <summary>All, one, or now and then more than are looked up one by one.</summary>
    private static HashSet<string>? Names(Random random, string prefix) => random.Next(4) switch
    {
        0 => null,
        1 => [.. Enumerable.Range(1, 20).Select(number => $"{prefix}{number}")],
        _ => [$"{prefix}{random.Next(3)}"],
    };
}
