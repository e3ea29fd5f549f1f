using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Directories;
using JobQueue.Storage.Postgres.Events;
using JobQueue.Storage.Postgres.Listening;
using JobQueue.Storage.Postgres.Submitting;
using JobQueue.Storage.Postgres.Working;
using JobQueue.Storage.Postgres.Writing;
using Microsoft.Extensions.Options;

namespace JobQueue.Storage.Postgres;

/// <summary>
/// Opens the database for this process and closes it: migrates, or waits for whoever does, and starts the writers. The first hosted service
/// to start and the last to stop.
/// </summary>
internal sealed class PostgresStoreHost(
    PostgresConnections connections,
    PostgresMigrations migrations,
    NoticeListener listener,
    Outbox outbox,
    OutboxReader reader,
    IOptions<RetriesOptions> retries,
    ICallbackBody callbackBody,
    JobFeed feed,
    TimeProvider time,
    StoreObserver observer,
    ILogger<PostgresStoreHost> logger) : IHostedService, IAsyncDisposable
{
    private SubmitWriter? _submissions;
    private WorkWriter? _work;
    private EventPublisher? _publisher;
    private Backlog? _backlog;
    private bool _closed;

    public TenantDirectory Tenants { get; } = new();

    public PausedQueues Paused { get; } = new();

    public BreakerDirectory Breakers { get; } = new();

    public DatabaseClock Clock { get; } = new(time);

    public Backlog Backlog => _backlog ?? throw new StoreStoppedException();

    public SubmitWriter Submissions => _submissions ?? throw new StoreStoppedException();

    public WorkWriter Work => _work ?? throw new StoreStoppedException();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await listener.StartAsync(cancellationToken);
        await migrations.RunAsync(cancellationToken);
        await outbox.StartAsync(cancellationToken);
        var publisher = _publisher = new EventPublisher(feed.Publish);
        var services = new WriterServices
        {
            Connections = connections,
            Tenants = Tenants,
            Lanes = new LaneDirectory(),
            Paused = Paused,
            Breakers = Breakers,
            Clock = Clock,
            Retries = retries.Value.ToPolicy(),
            CallbackBody = callbackBody,
            Observer = observer,
            Time = time,
            Logger = logger,
            Order = new CommitOrder(publisher.Publish),
            OnNotice = notice => _work?.Heed(notice),
            OnEvents = reader.Committed,
            Process = listener.Self,
        };
        await using (var connection = await connections.Pool.OpenConnectionAsync(cancellationToken))
        {
            await Tenants.LoadAsync(connection, cancellationToken);
            await Paused.LoadAsync(connection, cancellationToken);
            await Breakers.LoadAsync(connection, cancellationToken);
            await new RoundTrip(connection)
                .Read("now", row => Clock.Note(row.GetInt64(0)))
                .Read("last_job", row => services.Ids.Continue(row.IsDBNull(0) ? default : row.Id(0)))
                .RunAsync(cancellationToken);
        }

        _backlog = services.Backlog;
        var work = new WorkWriter(services);
        var submissions = new SubmitWriter(services);
        await work.StartAsync(cancellationToken);
        await submissions.StartAsync(cancellationToken);
        (_work, _submissions) = (work, submissions);
        listener.Subscribe(Heed);
        // What others told meanwhile, and what the clock has brought while nobody looked.
        work.LookAtAll();
        work.Post(new ReapCommand());
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await CloseAsync();

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>Limits, pauses, tokens or users have changed, and it is on disk.</summary>
    /// <param name="tenants">Whether tenants or their limits have: then they hold here from now on.</param>
    public async Task ConfigurationChangedAsync(bool tenants)
    {
        await using var connection = await connections.Pool.OpenConnectionAsync();
        if (tenants)
            await Tenants.LoadAsync(connection, CancellationToken.None);
        _work?.Heed(Notice.OfConfiguration);
    }

    /// <summary>What another process told; nothing when something may have been missed.</summary>
    private void Heed(Notice? notice)
    {
        if (notice is null)
            _work?.LookAtAll();
        else
            _work?.Heed(notice);
        if (notice is not { Events: false })
            reader.Wake();
    }

    private async Task CloseAsync()
    {
        if (_closed)
            return;
        _closed = true;
        if (_submissions is not null)
            await _submissions.StopAsync();
        if (_work is not null)
            await _work.StopAsync();
        _publisher?.Dispose();
        await listener.DisposeAsync();
        await reader.DisposeAsync();
        await connections.DisposeAsync();
    }
}
