using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Sqlite.Files;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JobQueue.Storage.Sqlite;

/// <summary>Registers SQLite as what keeps the jobs.</summary>
internal static class SqliteSetup
{
    public static void AddSqlite(this IServiceCollection services)
    {
        SqliteConnections.Configure();
        services.AddSingleton(provider => DatabaseFile.From(Configured(provider)));
        services.AddSingleton(provider => new DatabaseName(provider.GetRequiredService<DatabaseFile>().Path, "Data Source=demo.db"));
        services.AddSingleton<IKeyRing>(provider =>
            new KeyRing(Path.Combine(provider.GetRequiredService<DatabaseFile>().Directory, "keys")));
        services.AddSingleton(provider => new LogBound(
            (long)provider.GetRequiredService<IOptions<StorageOptions>>().Value.MaxLogMegabytes << 20,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<StoreObserver>().LogMeasured));
        services.AddSingleton<SqliteStoreHost>();
        services.AddHostedService(provider => provider.GetRequiredService<SqliteStoreHost>());
        services.AddSingleton<IEventSource>(provider => provider.GetRequiredService<SqliteStoreHost>());
        services.AddPooledDbContextFactory<SqliteDb>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<DatabaseFile>().Resolve(Configured(provider)))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(new SqliteConnections.ReadOnly(provider.GetRequiredService<LogBound>())));
        services.AddSingleton<IDbContextFactory<JobQueueDb>, ReadContexts>();
        services.AddSingleton<SqliteJobStore>();
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<SqliteJobStore>());
        services.AddSingleton<IJobBoard, SqliteJobBoard>();
        // One process: it knows everybody.
        services.AddSingleton<IWorkers>(provider => provider.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<ISetupCode, SetupCodeInMemory>();
        services.AddSingleton<ISignInThrottle, SignInThrottle>();
        services.AddSingleton<IDbWriter>(provider => provider.GetRequiredService<SqliteJobStore>());
        services.AddSingleton<IDatabaseUpkeep, SqliteUpkeep>();
    }

    private static string Configured(IServiceProvider provider) =>
        provider.GetRequiredService<IConfiguration>().GetConnectionString("JobQueue")!;

    /// <summary>The provider's contexts under the name of the model they share.</summary>
    private sealed class ReadContexts(IDbContextFactory<SqliteDb> contexts) : IDbContextFactory<JobQueueDb>
    {
        public JobQueueDb CreateDbContext() => contexts.CreateDbContext();
    }
}
