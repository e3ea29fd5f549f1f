using JobQueue.Jobs;
using JobQueue.Storage;
using JobQueue.Storage.Entities;
using JobQueue.Storage.Queries;
using JobQueue.Tenants;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Support;

/// <summary>The real store on a database file of its own, with a clock that stands still until the test moves it.</summary>
internal sealed class TestQueue : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Action<IHostApplicationBuilder>? _addParts;
    private IHost _host;

    private TestQueue(DirectoryInfo folder, FakeTimeProvider time, Action<IHostApplicationBuilder>? addParts) =>
        (_folder, Time, _addParts, _host) = (folder, time, addParts, Build(folder, time, addParts));

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => _host.Services;

    public IJobStore Store => Services.GetRequiredService<IJobStore>();

    public IJobBoard Board => Services.GetRequiredService<IJobBoard>();

    public JobQueries Jobs => Services.GetRequiredService<JobQueries>();

    public DeadLetterQueries DeadLetters => Services.GetRequiredService<DeadLetterQueries>();

    public StatsQueries Stats => Services.GetRequiredService<StatsQueries>();

    public string DatabasePath => Path.Combine(_folder.FullName, "jobs.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="addParts">Adds what a test needs beyond the store.</param>
    public static async Task<TestQueue> StartAsync(Action<IHostApplicationBuilder>? addParts = null)
    {
        var folder = Directory.CreateTempSubdirectory("jobqueue-test-");
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        var queue = new TestQueue(folder, time, addParts);
        await queue._host.StartAsync(Cancellation);
        return queue;
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

    /// <summary>Stops the store in good order and opens it again.</summary>
    public async Task RestartAsync()
    {
        await _host.StopAsync(Cancellation);
        _host.Dispose();
        _host = Build(_folder, Time, _addParts);
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

    private static IHost Build(DirectoryInfo folder, FakeTimeProvider time, Action<IHostApplicationBuilder>? addParts)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder.FullName });
        builder.Configuration["ConnectionStrings:JobQueue"] = $"Data Source={Path.Combine(folder.FullName, "jobs.db")}";
        builder.Services.AddLogging(logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddStorage();
        addParts?.Invoke(builder);
        return builder.Build();
    }
}
