using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Workers.Held;
using JobQueue.Workers.Housekeeping;
using JobQueue.Workers.Pool;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace JobQueue.Workers;

internal static class WorkersSetup
{
    /// <summary>What the rest of the program gets to stop in, beyond the pool.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>Registers the pool and what keeps leases and rows in order. To be called after the storage: services stop in reverse order.</summary>
    public static void AddWorkers(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IJobLeases>(static provider => provider.GetRequiredService<IJobStore>());

        // The pool drains before any service stops, so leases are kept alive meanwhile.
        builder.Services.AddHostedService<LeaseReaper>();
        builder.Services.AddHostedService<RetentionSweeper>();
        builder.AddWorkerPool();
    }

    /// <summary>Registers the pool alone, on top of whatever gives it leases.</summary>
    public static void AddWorkerPool(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JobFeed>();
        services.TryAddSingleton<WorkerDirectory>();
        services.TryAddSingleton(static _ => ServerProcess.New());
        services.AddOptions<HostOptions>().Configure<IOptions<WorkersOptions>>(static (host, workers) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(workers.Value.ShutdownGraceSeconds)
                + WorkerPool.AbortGrace + WorkerPool.SettleGrace + Margin);

        services.AddSingleton<RunTimes>();
        services.AddSingleton<HeldJobs>();
        services.AddSingleton<ReportWriter>();
        services.AddSingleton<Settlements>();
        services.AddSingleton<AttemptWatch>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<WorkerPool>();
        services.AddHostedService<LeaseKeeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<WorkerPool>());
    }
}
