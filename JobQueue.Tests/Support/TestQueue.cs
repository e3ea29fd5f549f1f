using JobQueue.Jobs.Events;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Queries.DeadLetters;
using JobQueue.Storage.Queries.Stats;
using JobQueue.Tenants;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace JobQueue.Tests.Support;

/// <summary>The real store on a database file of its own, with a clock that stands still until the test moves it.</summary>
internal sealed class TestQueue : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Action<IHostApplicationBuilder>? _configure;
    private IHost _host;

    private TestQueue(DirectoryInfo folder, TestClock time, Action<IHostApplicationBuilder>? configure) =>
        (_folder, Time, _configure, _host) = (folder, time, configure, Build(folder, time, configure));

    public TestClock Time { get; }

    public IServiceProvider Services => _host.Services;

    public IJobStore Store => Services.GetRequiredService<IJobStore>();

    public IJobBoard Board => Services.GetRequiredService<IJobBoard>();

    public JobQueries Jobs => Services.GetRequiredService<JobQueries>();

    public DeadLetterQueries DeadLetters => Services.GetRequiredService<DeadLetterQueries>();

    public JobFeed Feed => Services.GetRequiredService<JobFeed>();

    public QueueQueries Queues => Services.GetRequiredService<QueueQueries>();

    public StatsQueries Stats => Services.GetRequiredService<StatsQueries>();

    public string DatabasePath => Path.Combine(_folder.FullName, "jobs.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="configure">Settings other than the defaults, and parts beyond the store; they hold after a restart too.</param>
    public static Task<TestQueue> StartAsync(Action<IHostApplicationBuilder>? configure = null) => StartAsync(
        Directory.CreateTempSubdirectory("jobqueue-test-"),
        new TestClock(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)),
        configure);

    /// <summary>
    /// The queue as the next server finds it when this one dies at this moment: nothing was released, nothing closed. This one
    /// goes on, on its own files.
    /// </summary>
    public async Task<TestQueue> StartAfterCrashAsync(TimeSpan downFor = default)
    {
        var folder = Directory.CreateTempSubdirectory("jobqueue-test-");
        await using (var from = new SqliteConnection($"Data Source={DatabasePath};Pooling=False"))
        await using (var to = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "jobs.db")};Pooling=False"))
        {
            await from.OpenAsync(Cancellation);
            await to.OpenAsync(Cancellation);
            from.BackupDatabase(to);
        }

        return await StartAsync(folder, new TestClock(Time.GetUtcNow() + downFor), _configure);
    }

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
        _host = Build(_folder, Time, _configure);
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

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    /// <summary>A queue on the database of this name, which may be there already; it stays when the queue goes.</summary>
    public static Task<TestQueue> StartOnAsync(string database) =>
        StartAsync(builder => builder.Configuration["ConnectionStrings:JobQueue"] = $"Data Source={database}");

    /// <summary>Another server on the files of a queue.</summary>
    public static Task<TestQueue> StartOnAsync(TestQueue queue) => StartAsync(queue._folder, queue.Time, queue._configure);

    private static async Task<TestQueue> StartAsync(DirectoryInfo folder, TestClock time, Action<IHostApplicationBuilder>? configure)
    {
        var queue = new TestQueue(folder, time, configure);
        try
        {
            await queue._host.StartAsync(Cancellation);
            return queue;
        }
        catch
        {
            queue._host.Dispose();
            throw;
        }
    }

    private static IHost Build(DirectoryInfo folder, TestClock time, Action<IHostApplicationBuilder>? configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
        builder.Configuration["ConnectionStrings:JobQueue"] = $"Data Source={Path.Combine(folder.FullName, "jobs.db")}";
        builder.Services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.AddStorage();
        configure?.Invoke(builder);
        return builder.Build();
    }
}
