using System.Collections.Immutable;
using CsCheck;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Tenants;

namespace JobQueue.Tests.Storage.Sqlite.Board;

/// <summary>Who gets a free worker: the decision alone, without a database.</summary>
public sealed class SchedulingTests
{
    [Fact]
    public void Choice_is_the_one_that_the_rule_written_out_makes() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var random = new Random(seed);
                var market = Market.Random(random);
                for (var step = 0; step < 100; step++)
                {
                    var wish = Wish(random.Next(3) == 0 ? ["t0"] : null, random.Next(4) == 0 ? ["q1", "q2"] : null);
                    var expected = market.Choose(wish);
                    Assert.Equal(expected, market.Board.Runnable.Pick(wish, ahead: false));
                    var waits = market.Board.Lanes.Any(lane => lane.Counters.Ready > 0 && !lane.Paused && wish.Types?.Contains(lane.Type) != false);
                    Assert.Equal(wish.Types is null || waits, market.Board.Runnable.HasTypeFor(wish));
                    if (expected is not null && random.Next(3) > 0)
                        market.LeaseFirst(expected);
                    else if (market.Leases.Count > 0)
                        market.Finish(random.Next(market.Leases.Count));
                }
            },
            iter: 200);

    [Fact]
    public void Ten_equally_backlogged_tenants_share_evenly()
    {
        const int Tenants = 10, Slots = 16, Served = 4_000;
        var market = Market.Backlogged(Tenants, jobsOfEach: Served);
        var random = new Random(1);
        for (var served = 0; served < Served; served++)
        {
            if (market.Leases.Count == Slots)
                market.Finish(random.Next(Slots));
            market.LeaseFirst(market.Board.Runnable.Pick(Wish(), ahead: false)!.Home);
        }

        const double Fair = (double)Served / Tenants;
        Assert.All(market.ServedByTenant.Values, count => Assert.InRange(count, Fair * 0.95, Fair * 1.05));
    }

    [Fact]
    public void Job_that_came_first_in_a_better_lane_is_not_passed_over_by_many_lanes()
    {
        var market = Market.Backlogged(tenants: 1, jobsOfEach: 1);
        var tenant = market.Board.Tenants.Single();
        for (var number = 0; number < 50; number++)
            market.AddLane(tenant, $"q{number}", "t0", [Key(rank: 0, number)]);
        var best = market.AddLane(tenant, "urgent", "t0", [Key(rank: -5, 99)]);

        Assert.Equal(best, market.Board.Runnable.Pick(Wish(), ahead: false));
    }

    private static LeaseRequest Wish(IReadOnlyList<string>? types = null, IReadOnlyList<string>? queues = null) => new()
    {
        Worker = new WorkerIdentity("w", Process: "p"),
        Types = types?.ToImmutableHashSet(),
        Queues = queues?.ToImmutableHashSet(),
        Slots = 1,
        Duration = TimeSpan.FromSeconds(30),
    };

    private static ReadyKey Key(int rank, int number) => new(rank, 0, JobId.Create(number, 0, 0));

    /// <summary>A board with the waiting jobs of each lane, as the table would hold them.</summary>
    private sealed class Market
    {
        private readonly Dictionary<Lane, SortedSet<ReadyKey>> _waiting = [];
        private int _numbers;

        public LaneBoard Board { get; } = new();

        public List<Lease> Leases { get; } = [];

        public Dictionary<TenantId, int> ServedByTenant { get; } = [];

        public static Market Random(Random random)
        {
            var market = new Market();
            for (var number = 1; number <= random.Next(1, 6); number++)
            {
                var tenant = market.AddTenant(number, random.Next(2) == 0 ? null : random.Next(0, 4));
                foreach (var queue in Enumerable.Range(0, random.Next(1, 4)))
                {
                    if (random.Next(5) == 0)
                        market.Board.Pause(new PausedQueue(tenant.Id, $"q{queue}", default, "user:test", null, null));
                    foreach (var type in Enumerable.Range(0, random.Next(1, 3)))
                    {
                        var jobs = Enumerable.Range(0, random.Next(6)).Select(_ => Key(random.Next(-2, 3), ++market._numbers));
                        market.AddLane(tenant, $"q{queue}", $"t{type}", jobs.ToList());
                    }
                }
            }

            return market;
        }

        public static Market Backlogged(int tenants, int jobsOfEach)
        {
            var market = new Market();
            for (var number = 1; number <= tenants; number++)
            {
                market.AddLane(
                    market.AddTenant(number, maxConcurrent: null),
                    "q",
                    "t",
                    [.. Enumerable.Range(0, jobsOfEach).Select(_ => Key(0, ++market._numbers))]);
            }

            return market;
        }

        public Lane AddLane(TenantState tenant, string queue, string type, IReadOnlyList<ReadyKey> jobs)
        {
            var lane = new Lane(_waiting.Count + 1, tenant, queue, type, suspect: false);
            Board.Add(lane);
            _waiting.Add(lane, [.. jobs]);
            foreach (var job in jobs)
                Board.AddReady(lane, job);
            return lane;
        }

        /// <summary>The contract's sentence: fewest running, then served longest ago; inside, the best first job.</summary>
        public Lane? Choose(LeaseRequest wish) => _waiting
            .Where(pair => pair.Value.Count > 0 && !pair.Key.Paused)
            .Where(pair => wish.Types?.Contains(pair.Key.Type) ?? true)
            .Where(pair => wish.Queues?.Contains(pair.Key.Queue) ?? true)
            .Where(pair => pair.Key.Tenant.Limits.MaxConcurrent is not { } most || pair.Key.Tenant.Running < most)
            .OrderBy(pair => pair.Key.Tenant.Running).ThenBy(pair => pair.Key.Tenant.LastServed).ThenBy(pair => pair.Key.Tenant.Id.Value)
            .ThenBy(pair => pair.Value.Min)
            .Select(pair => pair.Key)
            .FirstOrDefault();

        public void LeaseFirst(Lane lane)
        {
            var jobs = _waiting[lane];
            var first = jobs.Min;
            jobs.Remove(first);
            Board.RemoveReady(lane);
            if (jobs.Count > 0)
                lane.Head = jobs.Min;
            var lease = LeaseOf(lane, first);
            Board.AddLease(lease);
            Leases.Add(lease);
            ServedByTenant[lane.Tenant.Id] = ServedByTenant.GetValueOrDefault(lane.Tenant.Id) + 1;
        }

        public void Finish(int index)
        {
            Board.RemoveLease(Leases[index]);
            Leases.RemoveAt(index);
        }

        private TenantState AddTenant(int number, int? maxConcurrent)
        {
            var tenant = new TenantState(new TenantId(number), $"tenant-{number}", new AcceptanceWindow(TimeProvider.System))
            {
                Limits = new TenantLimits(maxConcurrent, null, null),
            };
            Board.Add(tenant);
            return tenant;
        }

        private static Lease LeaseOf(Lane lane, ReadyKey job) => new()
        {
            Token = new LeaseToken(job.JobId, 1),
            Lane = lane,
            Worker = "w",
            Process = "p",
            Attempt = 1,
            Retries = 0,
            MaxRetries = 5,
            Crashes = 0,
            Priority = -job.Rank,
            RunAt = job.DueAt,
            StartedAt = default,
            Trace = default,
            Target = null,
            Deadline = 0,
            TimeoutAt = 0,
            Duration = TimeSpan.FromSeconds(30),
        };
    }
}
