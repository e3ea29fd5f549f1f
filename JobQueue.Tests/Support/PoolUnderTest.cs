using JobQueue.Handlers;
using JobQueue.Handlers.BuiltIn;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;
using JobQueue.Workers;
using JobQueue.Workers.Held;
using JobQueue.Workers.Pool;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Support;

/// <summary>The worker pool as the program wires it, on a scripted store and a clock that stands still.</summary>
internal sealed class PoolUnderTest : IAsyncDisposable, IJobBoard
{
    private readonly HashSet<string> _paused = [];
    private readonly IHost _host;

    private PoolUnderTest(int slots, Action<WorkersOptions>? configure)
    {
        Store = new ScriptedJobStore(Time);
        Events = new SoleStream(Feed);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IJobStore>(Store);
        builder.Services.AddSingleton<IJobBoard>(this);
        builder.Services.AddSingleton(Feed);
        builder.Services.AddJobHandler<SteeredHandler>();
        builder.Services.Configure<WorkersOptions>(options => options.Count = slots);
        if (configure is not null)
            builder.Services.Configure(configure);
        builder.AddHandlers();
        builder.AddWorkers();
        _host = builder.Build();
    }

    public FakeTimeProvider Time { get; } = new();

    public ScriptedJobStore Store { get; }

    public JobFeed Feed { get; } = new(NullLogger<JobFeed>.Instance);

    /// <summary>Says what happened.</summary>
    public SoleStream Events { get; }

    public SteeredHandler Handler => _host.Services.GetRequiredService<SteeredHandler>();

    public WorkerPool Pool => _host.Services.GetRequiredService<WorkerPool>();

    public static async Task<PoolUnderTest> StartAsync(
        int slots, Action<WorkersOptions>? configure = null, Action<ScriptedJobStore>? script = null)
    {
        var pool = new PoolUnderTest(slots, configure);
        script?.Invoke(pool.Store);
        await pool._host.StartAsync(TestContext.Current.CancellationToken);
        return pool;
    }

    /// <summary>Begins the stop of the host; it ends when the pool has drained.</summary>
    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Offers a steered job and waits until it runs.</summary>
    public async Task<SteeredRun> RunAsync(Job job)
    {
        Store.Offer(job);
        return await Handler.NextAsync();
    }

    /// <summary>Teaches a pool of one slot that jobs of type echo are short.</summary>
    public async Task TeachEchoIsShortAsync()
    {
        for (var run = 0; run < RunTimes.KnownAfter; run++)
        {
            Store.Offer(TestJobs.Create(EchoHandler.Type));
            await Store.NextSettledAsync();
        }

        await Eventually.True(() => Store.IsParked && Store.Wishes[^1].Ahead > 0, "the pool asks for jobs ahead");
    }

    /// <summary>Moves the clock in steps, as timers that start anew after each tick need it.</summary>
    public void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += AttemptWatch.Period)
            Time.Advance(AttemptWatch.Period);
    }

    public void Pause(string queue)
    {
        lock (_paused)
            _paused.Add(queue);
    }

    public bool MayBegin(Job job)
    {
        lock (_paused)
            return !_paused.Contains(job.Queue);
    }

    ValueTask<TenantUsage> IJobBoard.UsageOfAsync(TenantId tenant, CancellationToken cancellationToken) => throw NotForWorkers();

    ValueTask<IHoldups> IJobBoard.HoldupsAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken) => throw NotForWorkers();

    ValueTask<IReadOnlyList<TargetDown>> IJobBoard.TargetsDownAsync(TenantId? tenant, CancellationToken cancellationToken) => throw NotForWorkers();

    ValueTask<TargetDown?> IJobBoard.DownOfAsync(TenantId tenant, string target, CancellationToken cancellationToken) => throw NotForWorkers();

    ValueTask<QueuePause?> IJobBoard.PauseOfAsync(TenantId tenant, string queue, CancellationToken cancellationToken) => throw NotForWorkers();

    public async ValueTask DisposeAsync()
    {
        // Whatever a test left running is handed back as the clock passes the pool's graces.
        var stopped = _host.StopAsync(CancellationToken.None);
        await Eventually.True(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(10));
                return stopped.IsCompleted;
            },
            "the host stops");
        await stopped;
        _host.Dispose();
    }

    private static NotSupportedException NotForWorkers() => new("A worker asks a board only whether a job may begin.");
}
