using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Model;
using JobQueue.Storage.Postgres.Access;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Events;
using JobQueue.Storage.Postgres.Listening;
using JobQueue.Storage.Postgres.Processes;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Postgres;

/// <summary>Registers PostgreSQL as what keeps the jobs.</summary>
internal static class PostgresSetup
{
    public static void AddPostgres(this IServiceCollection services)
    {
        services.AddSingleton(provider => new PostgresConnections(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("JobQueue")!));
        services.AddSingleton(provider => new DatabaseName(provider.GetRequiredService<PostgresConnections>().Shown, "Host=localhost;Database=demo"));
        services.AddSingleton<PostgresMigrations>();
        services.AddSingleton<PostgresStoreHost>();
        services.AddHostedService(provider => provider.GetRequiredService<PostgresStoreHost>());
        services.AddSingleton<NoticeListener>();
        services.AddHostedService<MemoryKeeper>();
        services.AddSingleton<OutboxReader>();
        services.AddSingleton<Outbox>();
        services.AddHostedService<OutboxSweeper>();
        services.AddSingleton<IEventSource>(provider => provider.GetRequiredService<Outbox>());
        services.AddPooledDbContextFactory<PostgresDb>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<PostgresConnections>().Pool, npgsql => npgsql.ExecutionStrategy(dependencies => new RepeatedReads(dependencies)))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking));
        services.AddSingleton<IDbContextFactory<JobQueueDb>, ReadContexts>();
        services.AddSingleton<IJobStore, PostgresJobStore>();
        services.AddSingleton<IJobBoard, PostgresJobBoard>();
        services.AddSingleton<IDbWriter, PostgresDbWriter>();
        services.AddSingleton<IWorkers, PostgresWorkers>();
        services.AddHostedService<ProcessBeat>();
        services.AddSingleton<ISetupCode, StoredSetupCode>();
        services.AddSingleton<ISignInThrottle, PostgresSignInThrottle>();
        services.AddSingleton<IKeyRing, PostgresKeyRing>();
        services.AddSingleton<IDatabaseUpkeep, PostgresUpkeep>();
    }

    /// <summary>The provider's contexts under the name of the model they share.</summary>
    private sealed class ReadContexts(IDbContextFactory<PostgresDb> contexts) : IDbContextFactory<JobQueueDb>
    {
        public JobQueueDb CreateDbContext() => contexts.CreateDbContext();
    }
}
