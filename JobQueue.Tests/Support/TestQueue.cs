using JobQueue.Access.Users;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using JobQueue.Tests.Support.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobQueue.Tests.Support;

/// <summary>The real store on storage of its own, with a clock that stands still until the test moves it.</summary>
internal sealed class TestQueue : IAsyncDisposable
{
    private readonly Action<IHostApplicationBuilder>? _configure;
    private IHost _host;

    private TestQueue(IStoreHost storage, Action<IHostApplicationBuilder>? configure) =>
        (Storage, _configure, _host) = (storage, configure, Build(storage, configure));

    public IStoreHost Storage { get; }

    public TestClock Time => Storage.Time;

    public IServiceProvider Services => _host.Services;

    public IJobStore Store => Services.GetRequiredService<IJobStore>();

    public IJobBoard Board => Services.GetRequiredService<IJobBoard>();

    public JobQueries Jobs => Services.GetRequiredService<JobQueries>();

    public DeadLetterQueries DeadLetters => Services.GetRequiredService<DeadLetterQueries>();

    public JobFeed Feed => Services.GetRequiredService<JobFeed>();

    public QueueQueries Queues => Services.GetRequiredService<QueueQueries>();

    public StatsQueries Stats => Services.GetRequiredService<StatsQueries>();

    /// <summary>The file of a queue on SQLite.</summary>
    public string DatabasePath => Assert.IsType<SqliteHost>(Storage).DatabasePath;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A queue on SQLite.</summary>
    /// <param name="configure">Settings other than the defaults, and parts beyond the store; they hold after a restart too.</param>
    public static Task<TestQueue> StartAsync(Action<IHostApplicationBuilder>? configure = null) => StartAsync(new SqliteHost(), configure);

    /// <summary>A queue on the SQLite database of this name, which may be there already; it stays when the queue goes.</summary>
    public static Task<TestQueue> StartOnAsync(string database) => StartAsync(SqliteHost.On(database));

    /// <summary>A queue on this storage, which goes with it.</summary>
    public static async Task<TestQueue> StartAsync(IStoreHost storage, Action<IHostApplicationBuilder>? configure = null)
    {
        var queue = new TestQueue(storage, configure);
        try
        {
            await queue._host.StartAsync(Cancellation);
            return queue;
        }
        catch
        {
            queue._host.Dispose();
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The queue as the next server finds it when this one dies at this moment: nothing was released, nothing closed. This one
    /// goes on, on its own storage.
    /// </summary>
    public async Task<TestQueue> StartAfterCrashAsync(TimeSpan downFor = default) =>
        await StartAsync(await Storage.CrashAsync(downFor, Cancellation), _configure);

    /// <summary>Another server on the same storage, at the same time.</summary>
    public async Task<TestQueue> SecondProcessAsync() => await StartAsync(await Storage.SecondProcessAsync(Cancellation), _configure);

    /// <summary>Keeps the writers busy until the answer is disposed, so that what is sent meanwhile lands in one transaction.</summary>
    public Task<IAsyncDisposable> HoldWritersAsync() => Storage.HoldWritersAsync(Services);

    /// <summary>Adds a tenant; without limits unless they are given.</summary>
    public async Task<TenantId> TenantAsync(string name, TenantLimits? limits = null)
    {
        var id = await Services.GetRequiredService<IDbWriter>().WriteAsync(
            db =>
            {
                var row = new TenantRow
                {
                    Name = name,
                    MaxConcurrent = limits?.MaxConcurrent,
                    MaxNewPerMinute = limits?.MaxNewPerMinute,
                    MaxPending = limits?.MaxPending,
                    CreatedAt = Time.GetUtcNow(),
                };
                db.Tenants.Add(row);
                db.SaveChanges();
                return row.Id;
            },
            Cancellation);
        return new TenantId(id);
    }

    public Task SetLimitsAsync(TenantId tenant, TenantLimits limits) => Services.GetRequiredService<IDbWriter>().WriteAsync(
        db =>
        {
            var row = db.Tenants.AsTracking().Single(row => row.Id == tenant.Value);
            (row.MaxConcurrent, row.MaxNewPerMinute, row.MaxPending) = (limits.MaxConcurrent, limits.MaxNewPerMinute, limits.MaxPending);
            return 0;
        },
        Cancellation);

    /// <summary>Stops the store in good order.</summary>
    public Task StopAsync() => _host.StopAsync(Cancellation);

    /// <summary>Stops the store in good order and opens it again.</summary>
    public async Task RestartAsync()
    {
        await _host.StopAsync(Cancellation);
        _host.Dispose();
        _host = Build(Storage, _configure);
        await _host.StartAsync(Cancellation);
    }

    /// <summary>Moves the clock as a server lives through it: second by second, looking after leases and schedules each time.</summary>
    public async Task LiveAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            Time.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            await Store.ReapAsync(Cancellation);
        }
    }

    /// <summary>Lives until it is known that the servers before it are dead, and what they held is taken back.</summary>
    public Task OutliveTheDeadAsync() => LiveAsync(Storage.DeathIsKnownAfter);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Storage.DisposeAsync();
    }

    private static IHost Build(IStoreHost storage, Action<IHostApplicationBuilder>? configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = storage.Folder });
        builder.Configuration.AddInMemoryCollection(storage.Settings!);
        builder.Services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddSingleton<TimeProvider>(storage.Time);
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.Services.AddSingleton<Passwords>();
        builder.AddStorage();
        configure?.Invoke(builder);
        return builder.Build();
    }
}
