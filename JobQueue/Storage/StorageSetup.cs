using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Files;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Storage;

/// <summary>Registers the store: the writer, and the read-only side.</summary>
internal static class StorageSetup
{
    public static IHostApplicationBuilder AddStorage(this IHostApplicationBuilder builder)
    {
        SqliteConnections.Configure();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<JobFeed>();
        services.AddSingleton<JobEventHistory>();
        services.AddSingleton<WorkerDirectory>();
        services.AddSingleton<StoreObserver>();
        services.AddSingleton(provider => DatabaseFile.From(provider.GetRequiredService<IConfiguration>().GetConnectionString("JobQueue")!));
        services.AddSingleton<SqliteStoreHost>();
        services.AddHostedService(provider => provider.GetRequiredService<SqliteStoreHost>());
        services.AddPooledDbContextFactory<SqliteDb>((provider, options) => options
            .UseSqlite(provider.GetRequiredService<IConfiguration>().GetConnectionString("JobQueue"))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(new SqliteConnections.ReadOnly()));
        services.AddSingleton<IDbContextFactory<JobQueueDb>, ReadContexts>();
        services.AddSingleton<SqliteJobStore>();
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<SqliteJobStore>());
        services.AddSingleton<IJobBoard>(provider => provider.GetRequiredService<SqliteJobStore>());
        services.AddSingleton<IDbWriter>(provider => provider.GetRequiredService<SqliteJobStore>());
        services.AddSingleton(provider => new JobQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(),
            provider.GetRequiredService<IJobBoard>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DeadLetterQueries(provider.GetRequiredService<IDbContextFactory<JobQueueDb>>()));
        services.AddSingleton(provider => new StatsQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ExplainQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(),
            provider.GetRequiredService<JobQueries>(),
            provider.GetRequiredService<StatsQueries>(),
            provider.GetRequiredService<IJobBoard>(),
            provider.GetRequiredService<WorkerDirectory>(),
            provider.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <summary>The provider's contexts under the name of the model they share.</summary>
    private sealed class ReadContexts(IDbContextFactory<SqliteDb> contexts) : IDbContextFactory<JobQueueDb>
    {
        public JobQueueDb CreateDbContext() => contexts.CreateDbContext();
    }
}
