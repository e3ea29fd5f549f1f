using JobQueue.Access.Signing;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Api.Jobs;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Access;
using JobQueue.Storage.Model;
using JobQueue.Storage.Postgres;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Storage;

/// <summary>Registers the store: the writer, and the read-only side.</summary>
internal static class StorageSetup
{
    public static IHostApplicationBuilder AddStorage(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<JobFeed>();
        services.AddSingleton<JobEventHistory>();
        // Services stop in reverse order: what ends with the pool is still told.
        services.AddHostedService(provider => provider.GetRequiredService<JobEventHistory>());
        services.AddSingleton<WorkerDirectory>();
        services.AddSingleton(static _ => ServerProcess.New());
        services.AddSingleton<StoreObserver>();
        services.AddProvider(builder.Configuration.GetSection(StorageOptions.Section).Get<StorageOptions>()?.Provider);
        services.AddSingleton<TenantStore>();
        services.AddSingleton<UserStore>();
        services.AddSingleton<IAccounts>(provider => provider.GetRequiredService<UserStore>());
        services.AddSingleton<TokenStore>();
        services.AddSingleton<ITokens>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<SigningSecretStore>();
        services.AddSingleton<IRemembers>(provider => provider.GetRequiredService<UserStore>());
        services.AddSingleton<IRemembers>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<IRemembers>(provider => provider.GetRequiredService<SigningSecretStore>());
        services.AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<SigningSecretStore>());
        services.AddSingleton<AuditStore>();
        services.AddSingleton(provider => new JobQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(),
            provider.GetRequiredService<IJobBoard>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CallbackQueries(provider.GetRequiredService<IDbContextFactory<JobQueueDb>>()));
        // Whatever process ends a job, its callback says what the API would.
        services.AddSingleton<ICallbackBody, CallbackBody>();
        services.AddSingleton(provider => new DeadLetterQueries(provider.GetRequiredService<IDbContextFactory<JobQueueDb>>()));
        services.AddSingleton(provider => new DeadLetterGroupQueries(provider.GetRequiredService<IDbContextFactory<JobQueueDb>>()));
        services.AddSingleton(provider => new StatsQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new QueueQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ExplainQueries(
            provider.GetRequiredService<IDbContextFactory<JobQueueDb>>(),
            provider.GetRequiredService<JobQueries>(),
            provider.GetRequiredService<StatsQueries>(),
            provider.GetRequiredService<IJobBoard>(),
            provider.GetRequiredService<IWorkers>(),
            provider.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <param name="provider">The setting <c>Storage:Provider</c>; its default when absent.</param>
    private static void AddProvider(this IServiceCollection services, string? provider)
    {
        switch (provider ?? StorageOptions.Sqlite)
        {
            case StorageOptions.Sqlite:
                services.AddSqlite();
                break;
            case StorageOptions.Postgres:
                services.AddPostgres();
                break;
            default:
                throw new InvalidOperationException($"{StorageOptions.Section}:Provider = '{provider}' is no database engine.");
        }
    }
}
