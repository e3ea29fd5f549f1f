using System.Collections.Concurrent;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Events.Following;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace JobQueue.Tests.Storage.Postgres.Events;

/// <summary>What a server process has of events, and nothing else of it.</summary>
internal sealed class OutboxProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<EventBatch> _heard = [];
    private readonly IDisposable _hearing;

    private OutboxProcess(string connectionString)
    {
        Connections = new PostgresConnections(connectionString);
        var feed = new JobFeed(NullLogger<JobFeed>.Instance);
        Reader = new OutboxReader(Connections, feed, NullLogger<OutboxReader>.Instance);
        Outbox = new Outbox(Connections, Reader);
        History = new JobEventHistory(
            feed, Outbox, Options.Create(new EventsOptions { ResumeMegabytes = 1 }), TimeProvider.System, NullLogger<JobEventHistory>.Instance);
        _hearing = feed.SubscribeToAll("test", _heard.Enqueue);
    }

    public PostgresConnections Connections { get; }

    public OutboxReader Reader { get; }

    public Outbox Outbox { get; }

    public JobEventHistory History { get; }

    public IReadOnlyList<EventBatch> Batches => [.. _heard];

    public IReadOnlyList<JobEvent> Heard => [.. _heard.SelectMany(batch => batch.Events)];

    public static async Task<OutboxProcess> StartAsync(string connectionString)
    {
        var process = new OutboxProcess(connectionString);
        await process.Outbox.StartAsync(TestContext.Current.CancellationToken);
        return process;
    }

    public async Task<OutboxCommitter> CommitterAsync()
    {
        var session = new WriterSession(Connections);
        await session.OpenAsync(TestContext.Current.CancellationToken);
        return new OutboxCommitter(session, Reader);
    }

    public async ValueTask DisposeAsync()
    {
        _hearing.Dispose();
        History.Dispose();
        await Reader.DisposeAsync();
        Outbox.Dispose();
        await Connections.DisposeAsync();
    }
}
