using JobQueue.Handlers;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Workers.Held;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers.Pool;

/// <summary>
/// Runs jobs in this process: one loop leases them, each slot runs one after the other. Stops in two phases: first no new jobs,
/// then, after a grace, what still runs is handed back. That is before anything else stops, so a draining server still answers.
/// </summary>
internal sealed class WorkerPool(
    IJobLeases store,
    HandlerRegistry handlers,
    HeldJobs held,
    JobRunner runner,
    Settlements settlements,
    AttemptWatch watch,
    RunTimes runTimes,
    WorkerDirectory directory,
    ServerProcess process,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    IOptions<WorkersOptions> options,
    ILogger<WorkerPool> logger) : BackgroundService, IHostedLifecycleService
{
    /// <summary>What a handler gets to end in once its token is cancelled, before its job is handed back without it.</summary>
    public static readonly TimeSpan AbortGrace = TimeSpan.FromSeconds(3);

    /// <summary>What the last commits get.</summary>
    public static readonly TimeSpan SettleGrace = TimeSpan.FromSeconds(5);

    private const int MaxReservedThreads = 128;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly WorkerIdentity _worker = new($"{Environment.MachineName}:{Environment.ProcessId}", process.Name);
    private readonly JobBuffer _buffer = new();
    private readonly WorkerSlot[] _slots = [.. Enumerable.Range(0, options.Value.Count).Select(_ => new WorkerSlot())];
    private volatile bool _leasing;

    /// <summary>A snapshot.</summary>
    public WorkerPoolState State => new(
        _worker.Name,
        _slots.Length,
        _leasing,
        [.. held.All.Where(job => job.Stage != HeldStage.Ended).OrderByDescending(job => job.Age).Select(job => new HeldJobState(
            job.Job.Id, job.Job.Tenant, job.Job.Queue, job.Job.Type, job.Job.Attempts, job.Stage,
            job.Stage == HeldStage.Running ? job.StartedAt : null, job.StopReason))]);

    /// <summary>Drains, while the HTTP server and what keeps the leases are still there.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Whoever stops the host without a signal says so only after this.
        lifetime.StopApplication();
        if (ExecuteTask is { } running)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_slots.Length == 0 || handlers.All.Count == 0)
            return;
        directory.Register(_worker, handlers.Types, _slots.Length);
        WorkersLog.PoolStarted(logger, _slots.Length, string.Join(", ", handlers.All.Select(entry => entry.Type)));
        using var stopLeasing = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        ReserveThreads();
        var slots = Task.WhenAll(_slots.Select(slot => Task.Run(() => WorkAsync(slot), CancellationToken.None)));
        _leasing = true;
        await LeaseAsync(stopLeasing.Token);
        _leasing = false;
        await DrainAsync(slots);
        await settlements.DrainAsync(SettleGrace);
    }

    /// <summary>Keeps the pool's one wish for jobs open at the store, sized to what is free.</summary>
    private async Task LeaseAsync(CancellationToken stopLeasing)
    {
        var noneAhead = false;
        var pause = FirstPause;
        while (!stopLeasing.IsCancellationRequested)
        {
            var target = runTimes.Ahead(_slots.Count(slot => slot.IsQuick));
            try
            {
                if (LeaseWish.Next(_slots.Length, _buffer.InHand, target, noneAhead) is not { } wish)
                {
                    await _buffer.WhenLowAsync(LeaseWish.RefillBelow(_slots.Length, noneAhead ? 0 : target), stopLeasing);
                    continue;
                }

                var jobs = await store.LeaseAsync(RequestFor(wish), stopLeasing);
                noneAhead = jobs.Count == 0;
                await TakeAsync(jobs, stopLeasing);
                pause = FirstPause;
            }
            catch (OperationCanceledException) when (stopLeasing.IsCancellationRequested)
            {
                return;
            }
            catch (StoreStoppedException)
            {
                return;
            }
            catch (Exception exception)
            {
                WorkersLog.LeasingFailed(logger, exception, pause.TotalSeconds);
                await Task.Delay(pause, time, stopLeasing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private LeaseRequest RequestFor(LeaseWish wish) => new()
    {
        Worker = _worker,
        Types = handlers.Types,
        Slots = wish.Slots,
        Ahead = wish.Ahead,
        AheadTypes = runTimes.ShortTypes,
        Duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds),
        Wait = wish.Wait,
    };

    private async ValueTask TakeAsync(IReadOnlyList<LeasedJob> jobs, CancellationToken stopLeasing)
    {
        for (var i = 0; i < jobs.Count; i++)
        {
            var job = new HeldJob(jobs[i], time);
            held.Add(job);
            if (stopLeasing.IsCancellationRequested)
                await settlements.HandBackAsync(job);
            else
                _buffer.Add(job);
        }

        watch.Arm();
    }

    private async Task WorkAsync(WorkerSlot slot)
    {
        while (await _buffer.WaitAsync())
        {
            while (_buffer.TryTake(out var job))
            {
                slot.Enter(job);
                try
                {
                    await runner.RunAsync(job, slot);
                }
                catch (Exception exception)
                {
                    WorkersLog.SlotFailed(logger, exception, job.Job.Id);
                }
                finally
                {
                    slot.Leave();
                    _buffer.Release();
                }
            }
        }
    }

    private async Task DrainAsync(Task slots)
    {
        foreach (var job in held.All.Where(job => job.Stage == HeldStage.Waiting))
            await settlements.HandBackAsync(job);
        _buffer.Complete();

        var grace = TimeSpan.FromSeconds(options.Value.ShutdownGraceSeconds);
        WorkersLog.PoolDraining(logger, Running().Count(), grace.TotalSeconds);
        if (await EndsWithinAsync(slots, grace))
            return;
        WorkersLog.PoolAborting(logger, Running().Count());
        foreach (var job in Running())
            job.Stop(StopReason.Aborted);
        if (await EndsWithinAsync(slots, AbortGrace))
            return;
        foreach (var job in Running())
            watch.GiveUp(job);
    }

    private async Task<bool> EndsWithinAsync(Task slots, TimeSpan limit)
    {
        await slots.WaitAsync(limit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return slots.IsCompleted;
    }

    private IEnumerable<HeldJob> Running() => held.All.Where(job => job.Stage == HeldStage.Running);

    /// <summary>
    /// A handler may block its thread: then the others, and what keeps the leases alive, must not wait for one. Many more than
    /// this would be a burden on their own; what is missing then the thread pool adds by and by.
    /// </summary>
    private void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Math.Min(_slots.Length, MaxReservedThreads) + Environment.ProcessorCount), completions);
    }
}
