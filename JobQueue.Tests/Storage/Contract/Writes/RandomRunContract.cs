using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;

namespace JobQueue.Tests.Storage.Contract.Writes;

/// <summary>Whatever is done in whatever order, the store agrees with itself.</summary>
public abstract class RandomRunContract(StoreProvider provider) : StoreContract(provider)
{
    /// <summary>Where a job may go from where it is, whatever is done to it; staying is always allowed.</summary>
    private static readonly Dictionary<(JobStatus, FailReason?), (JobStatus, FailReason?)[]> Moves = new()
    {
        [(JobStatus.Pending, null)] = [(JobStatus.Running, null), (JobStatus.Failed, FailReason.Cancelled)],
        [(JobStatus.Running, null)] =
        [
            (JobStatus.Pending, null), (JobStatus.Done, null), (JobStatus.Failed, FailReason.RetriesExhausted),
            (JobStatus.Failed, FailReason.PermanentError), (JobStatus.Failed, FailReason.Poison), (JobStatus.Failed, FailReason.Cancelled),
        ],
        [(JobStatus.Done, null)] = [],
        [(JobStatus.Failed, FailReason.RetriesExhausted)] = [(JobStatus.Pending, null), (JobStatus.Failed, FailReason.Discarded)],
        [(JobStatus.Failed, FailReason.PermanentError)] = [(JobStatus.Pending, null), (JobStatus.Failed, FailReason.Discarded)],
        [(JobStatus.Failed, FailReason.Poison)] = [(JobStatus.Pending, null), (JobStatus.Failed, FailReason.Discarded)],
        [(JobStatus.Failed, FailReason.Cancelled)] = [(JobStatus.Pending, null)],
        [(JobStatus.Failed, FailReason.Discarded)] = [(JobStatus.Pending, null)],
    };

    /// <summary>Any sequence of commands keeps counters, places and moves right. The seed stands in the name of a failure.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_run_of_commands_keeps_the_store_consistent(int seed)
    {
        var run = new RandomRun(await StartAsync(), new Random(seed));
        await run.PrepareAsync();
        for (var round = 0; round < 8; round++)
        {
            for (var step = 0; step < 25; step++)
                await run.StepAsync();
            await StoreChecks.CountersMatchRowsAsync(run.Queue);
            await run.EndRoundAsync();
        }

        await run.Queue.DisposeAsync();
    }

    /// <summary>Jobs, leases and what was last seen of them, while random commands are sent.</summary>
    private sealed class RandomRun(TestQueue queue, Random random)
    {
        private readonly List<JobId> _jobs = [];
        private readonly List<LeasedJob> _leases = [];
        private readonly Dictionary<JobId, Job> _seen = [];
        private readonly List<TenantId> _tenants = [];

        public TestQueue Queue { get; private set; } = queue;

        public async Task PrepareAsync()
        {
            _tenants.Add(await Queue.TenantAsync("free"));
            _tenants.Add(await Queue.TenantAsync("limited", new TenantLimits(3, 40, 30)));
            _tenants.Add(await Queue.TenantAsync("narrow", new TenantLimits(1, null, 10)));
        }

        public async Task StepAsync()
        {
            switch (random.Next(14))
            {
                case 0 or 1 or 2:
                    await SubmitAsync();
                    break;
                case 3 or 4:
                    await LeaseAsync();
                    break;
                case 5 or 6 or 7:
                    await SettleAsync();
                    break;
                case 8:
                    await Queue.Store.CancelAsync(AnyJob(), Some.Actor(), Ct);
                    break;
                case 9:
                    await Queue.Store.RetryAsync(AnyJob(), Some.Actor(), Ct);
                    await Queue.Store.RequeueAsync(AnyJob(), random.Next(2) == 0 ? null : "[0]"u8.ToArray(), Some.Actor(), Ct);
                    await Queue.Store.DiscardAsync(AnyJob(), Some.Actor(), Ct);
                    break;
                case 10:
                    await BulkAsync();
                    break;
                case 11:
                    await PauseOrResumeAsync();
                    break;
                case 12:
                    await Queue.LiveAsync(TimeSpan.FromSeconds(random.Next(1, 12)));
                    break;
                default:
                    await MisbehaveAsync();
                    break;
            }
        }

        public async Task EndRoundAsync()
        {
            await CheckMovesAsync();
            switch (random.Next(4))
            {
                case 0:
                    await Queue.RestartAsync();
                    break;
                case 1:
                    var next = await Queue.StartAfterCrashAsync();
                    await Queue.DisposeAsync();
                    Queue = next;
                    break;
                case 2:
                    await Queue.Store.SweepAsync(Cutoffs(Queue, 0.0005, 0.001), Ct);
                    break;
            }

            await CheckMovesAsync();
        }

        private async Task SubmitAsync()
        {
            var tenant = _tenants[random.Next(_tenants.Count)];
            var jobs = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Some.Submission(tenant) with
            {
                Queue = $"q{random.Next(2)}",
                Type = $"t{random.Next(2)}",
                Priority = random.Next(-1, 2),
                MaxRetries = random.Next(3),
                TimeoutSeconds = random.Next(5, 60),
                Delay = random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(20)) : null,
                Callback = random.Next(4) == 0 ? new Callback("https://example.com/hook", random.Next(2) == 0 ? CallbackOn.Ended : CallbackOn.Failed) : null,
            }).ToList();
            if (await Queue.Store.SubmitManyAsync(jobs, Ct) is BatchSubmitResult.Accepted accepted)
                _jobs.AddRange(accepted.Items.Select(item => ((SubmitResult.Accepted)item).Job.Id));
        }

        private async Task LeaseAsync() => _leases.AddRange(await Queue.LeaseAsync(new LeaseRequest
        {
            Worker = random.Next(2) == 0 ? Some.Pool : new WorkerIdentity($"w{random.Next(2)}"),
            Tenant = random.Next(4) == 0 ? _tenants[0] : null,
            Slots = random.Next(1, 4),
            Ahead = random.Next(3),
            AheadTypes = new HashSet<string> { "t0" },
            Duration = TimeSpan.FromSeconds(random.Next(5, 30)),
        }));

        private async Task SettleAsync()
        {
            if (_leases.Count == 0)
                return;
            var leased = _leases[random.Next(_leases.Count)];
            JobOutcome outcome = random.Next(6) switch
            {
                0 or 1 => Some.Done,
                2 => Some.Failure(),
                3 => Some.Failure(retryable: false),
                4 => new JobOutcome.Released(),
                _ => new JobOutcome.Released { StartedAt = Queue.Time.GetUtcNow() },
            };
            if (random.Next(3) == 0)
                await Queue.Store.HeartbeatAsync(leased.Token, null, new JobProgress(1, null), ["line"], Ct);
            if (await Queue.SettleAsync(leased, outcome) == SettleResult.Settled)
                Assert.Equal(SettleResult.LeaseLost, await Queue.SettleAsync(leased, outcome));
            _leases.Remove(leased);
        }

        private Task BulkAsync()
        {
            var filter = new DeadLetterFilter { Tenant = _tenants[random.Next(_tenants.Count)] };
            return random.Next(2) == 0
                ? Queue.Store.RequeueManyAsync(filter, false, Some.Actor(), Ct)
                : Queue.Store.DiscardManyAsync(filter, false, Some.Actor(), Ct);
        }

        private Task PauseOrResumeAsync()
        {
            var (tenant, name) = (_tenants[random.Next(_tenants.Count)], $"q{random.Next(2)}");
            return random.Next(2) == 0
                ? Queue.Store.PauseQueueAsync(tenant, name, null, Queue.Time.GetUtcNow() + (5 * Second), Some.Actor(), Ct)
                : Queue.Store.ResumeQueueAsync(tenant, name, Some.Actor(), Ct);
        }

        /// <summary>A bad write in the middle of good ones: everything around it must be done exactly once.</summary>
        private async Task MisbehaveAsync()
        {
            Task<SubmitResult> bad, good;
            Task<IReadOnlyList<LeasedJob>> wish;
            await using (var hold = await Queue.HoldWritersAsync())
            {
                good = Queue.Store.SubmitAsync(Some.Submission(_tenants[0]), Ct);
                wish = Queue.LeaseAsync(Some.Wish(2));
                bad = Queue.Store.SubmitAsync(Some.Submission(_tenants[0]) with { MaxRetries = -1 }, Ct);
                if (random.Next(2) == 0)
                    Queue.Time.SetHands(TimeSpan.FromSeconds(random.Next(-20, 20)));
            }

            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bad);
            _jobs.Add(Assert.IsType<SubmitResult.Accepted>(await good).Job.Id);
            _leases.AddRange(await wish);
        }

        private async Task CheckMovesAsync()
        {
            var now = (await Queue.ListAsync(new())).ToDictionary(job => job.Id);
            var dead = (await Queue.DeadLetters.ListAsync(new(), null, 10_000, Ct)).Items.Select(entry => entry.JobId).ToHashSet();
            foreach (var (id, job) in now)
            {
                if (_seen.TryGetValue(id, out var before))
                {
                    Assert.True(Reaches((before.Status, before.Reason), (job.Status, job.Reason)), $"{before.Status}/{before.Reason} to {job.Status}/{job.Reason}");
                    // What was leased and never began was no attempt.
                    Assert.True(job.Attempts >= before.Attempts - (before.Status == JobStatus.Running ? 1 : 0));
                }

                Assert.Equal(job.Status == JobStatus.Failed, job.Reason is not null);
                Assert.Equal(job.Status == JobStatus.Pending, job.WaitingFor is not null);
                Assert.Equal(job.Status is JobStatus.Done or JobStatus.Failed, job.FinishedAt is not null);
                Assert.Equal(job.DeadLettered, dead.Contains(id));
                Assert.InRange(job.Retries, 0, job.MaxRetries);
            }

            _seen.Clear();
            foreach (var (id, job) in now)
                _seen[id] = job;
        }

        private JobId AnyJob() => _jobs.Count == 0 ? default : _jobs[random.Next(_jobs.Count)];

        /// <summary>Many commands lie between two looks: whether some way leads from one place to the other.</summary>
        private static bool Reaches((JobStatus, FailReason?) from, (JobStatus, FailReason?) to)
        {
            var reached = new HashSet<(JobStatus, FailReason?)> { from };
            for (var grown = -1; grown != reached.Count;)
            {
                grown = reached.Count;
                reached.UnionWith(reached.SelectMany(place => Moves[place]).ToList());
            }

            return reached.Contains(to);
        }
    }
}
