using System.Threading.Channels;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Tests.Support;

/// <summary>
/// A store in memory for what the real one does only in bad moments: a commit that hangs, a lease that is lost, too many
/// writes. It gives out what it is offered and takes note of all it is told.
/// </summary>
internal sealed class ScriptedJobStore(TimeProvider time) : IJobStore
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Job> _ready = new();
    private readonly Channel<Settlement> _settled = Channel.CreateUnbounded<Settlement>();
    private readonly List<LeaseRequest> _wishes = [];
    private readonly List<Report> _reports = [];
    private readonly List<IReadOnlyList<LeaseToken>> _extended = [];
    private readonly HashSet<JobId> _lost = [];
    private (LeaseRequest Request, TaskCompletionSource<IReadOnlyList<LeasedJob>> Answer)? _parked;
    private int _open;
    private int _secrets;

    /// <summary>Decides on a settlement, before it counts; by default it wins at once.</summary>
    public Func<LeaseToken, Task<SettleResult>> OnSettle { get; set; } = _ => Task.FromResult(SettleResult.Settled);

    /// <summary>Runs when a wish is parked.</summary>
    public Action OnParked { get; set; } = () => { };

    public Func<Task<int>> OnReap { get; set; } = () => Task.FromResult(0);

    public Func<RetentionCutoffs, Task<SweepResult>> OnSweep { get; set; } = _ => Task.FromResult(new SweepResult(0, More: false));

    public int MostOpenWishes { get; private set; }

    public IReadOnlyList<LeaseRequest> Wishes => Copy(_wishes);

    public IReadOnlyList<Report> Reports => Copy(_reports);

    public IReadOnlyList<IReadOnlyList<LeaseToken>> Extended => Copy(_extended);

    public int ReadyCount
    {
        get
        {
            lock (_gate)
                return _ready.Count;
        }
    }

    public bool IsParked
    {
        get
        {
            lock (_gate)
                return _parked is not null;
        }
    }

    /// <summary>The next settlement that won, in their order.</summary>
    public ValueTask<Settlement> NextSettledAsync() => _settled.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<Settlement>> NextSettledAsync(int count)
    {
        var all = new List<Settlement>();
        while (all.Count < count)
            all.Add(await NextSettledAsync());
        return all;
    }

    public bool NothingSettled => _settled.Reader.Count == 0;

    /// <summary>Makes jobs ready, all at once.</summary>
    public void Offer(params IEnumerable<Job> jobs)
    {
        lock (_gate)
        {
            foreach (var job in jobs)
                _ready.AddLast(job);
            if (_parked is not { } parked || Give(parked.Request) is not { Count: > 0 } given)
                return;
            _parked = null;
            parked.Answer.SetResult(given);
        }
    }

    /// <summary>From now on the job's lease is not current any more.</summary>
    public void Lose(JobId job)
    {
        lock (_gate)
            _lost.Add(job);
    }

    public async Task<IReadOnlyList<LeasedJob>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<LeasedJob>> answer;
        lock (_gate)
        {
            _wishes.Add(request);
            MostOpenWishes = Math.Max(MostOpenWishes, ++_open);
            var given = Give(request);
            if (given.Count > 0 || request.Wait == TimeSpan.Zero)
            {
                _open--;
                return given;
            }

            var parked = new TaskCompletionSource<IReadOnlyList<LeasedJob>>(TaskCreationOptions.RunContinuationsAsynchronously);
            _parked = (request, parked);
            answer = parked.Task;
        }

        OnParked();
        await using var registration = cancellationToken.Register(Unpark);
        try
        {
            return await answer;
        }
        finally
        {
            lock (_gate)
                _open--;
        }

        void Unpark()
        {
            lock (_gate)
            {
                _parked?.Answer.TrySetCanceled(cancellationToken);
                _parked = null;
            }
        }
    }

    public Task<IReadOnlyList<LeaseToken>> ExtendAsync(
        IReadOnlyList<LeaseToken> leases, TimeSpan duration, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _extended.Add(leases);
            return Task.FromResult<IReadOnlyList<LeaseToken>>([.. leases.Where(lease => _lost.Contains(lease.Job))]);
        }
    }

    public Task<HeartbeatResult?> HeartbeatAsync(
        LeaseToken lease, TenantId? scope, JobProgress? progress, IReadOnlyList<string> logLines, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_lost.Contains(lease.Job))
                return Task.FromResult<HeartbeatResult?>(null);
            _reports.Add(new Report(lease.Job, progress, logLines));
            return Task.FromResult<HeartbeatResult?>(new HeartbeatResult(time.GetUtcNow(), CancelRequested: false));
        }
    }

    public async Task<SettleResult> SettleAsync(
        LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken)
    {
        var result = await OnSettle(lease).WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (result == SettleResult.LeaseLost || _lost.Contains(lease.Job))
                return SettleResult.LeaseLost;
            if (outcome.Report is { } said)
                _reports.Add(new Report(lease.Job, said.Progress, said.Lines));
            _settled.Writer.TryWrite(new Settlement(lease.Job, outcome with { Report = null }));
            return SettleResult.Settled;
        }
    }

    public Task<Job?> SettleAndReadAsync(LeaseToken lease, TenantId? scope, JobOutcome outcome, CancellationToken cancellationToken) =>
        throw NotScripted();

    public Task<SettledEnds> SettleManyAsync(
        IReadOnlyList<AttemptEnd> ends, TenantId? scope, LeaseRequest? next, CancellationToken cancellationToken) => throw NotScripted();

    public Task<int> ReapAsync(CancellationToken cancellationToken) => OnReap();

    public Task<SweepResult> SweepAsync(RetentionCutoffs cutoffs, CancellationToken cancellationToken) => OnSweep(cutoffs);

    public bool TakesSubmissions() => true;

    public Task<SubmitResult> SubmitAsync(Submission submission, CancellationToken cancellationToken) => throw NotScripted();

    public Task<BatchSubmitResult> SubmitManyAsync(IReadOnlyList<Submission> submissions, CancellationToken cancellationToken) =>
        throw NotScripted();

    public Task<ControlResult> CancelAsync(JobId id, Actor actor, CancellationToken cancellationToken) => throw NotScripted();

    public Task<ControlResult> RetryAsync(JobId id, Actor actor, CancellationToken cancellationToken) => throw NotScripted();

    public Task<ControlResult> RequeueAsync(JobId id, ReadOnlyMemory<byte>? payload, Actor actor, CancellationToken cancellationToken) =>
        throw NotScripted();

    public Task<ControlResult> DiscardAsync(JobId id, Actor actor, CancellationToken cancellationToken) => throw NotScripted();

    public Task<BulkResult> RequeueManyAsync(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken) =>
        throw NotScripted();

    public Task<BulkResult> DiscardManyAsync(DeadLetterFilter filter, bool dryRun, Actor actor, CancellationToken cancellationToken) =>
        throw NotScripted();

    public Task PauseQueueAsync(
        TenantId tenant, string queue, string? reason, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken) =>
        throw NotScripted();

    public Task ResumeQueueAsync(TenantId tenant, string queue, Actor actor, CancellationToken cancellationToken) => throw NotScripted();

    private static NotSupportedException NotScripted() => new("Tests of this need the real store.");

    private List<LeasedJob> Give(LeaseRequest request)
    {
        var given = new List<LeasedJob>();
        for (var node = _ready.First; node is not null;)
        {
            var (job, next) = (node.Value, node.Next);
            var fits = given.Count < request.Slots
                || (given.Count < request.Slots + request.Ahead && request.AheadTypes!.Contains(job.Type));
            if (fits && request.Types!.Contains(job.Type))
            {
                given.Add(new LeasedJob(new LeaseToken(job.Id, ++_secrets), time.GetUtcNow() + request.Duration, job));
                _ready.Remove(node);
            }

            node = next;
        }

        return given;
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_gate)
            return [.. list];
    }
}
