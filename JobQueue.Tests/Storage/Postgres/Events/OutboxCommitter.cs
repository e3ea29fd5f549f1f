using JobQueue.Jobs.Events;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Events;

namespace JobQueue.Tests.Storage.Postgres.Events;

/// <summary>A writer that commits nothing but events.</summary>
internal sealed class OutboxCommitter(WriterSession session, OutboxReader reader) : IAsyncDisposable
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public int Writer => session.Slot;

    public Task CommitAsync(params JobEvent[] events) => CommitAsync(EventBatchBody.Write(events), events);

    public async Task CommitAsync(byte[] body, IReadOnlyList<JobEvent> events)
    {
        await BeginAsync(body);
        await EndAsync(events);
    }

    /// <summary>All but the commit.</summary>
    public Task BeginAsync(byte[] body) => session.Trip()
        .Begin()
        .Read("insert_event_batch", _ => { }, Sent.Value(session.Slot), Sent.Value(session.Number + 1), Sent.Value(body))
        .RunAsync(Cancellation);

    public async Task EndAsync(IReadOnlyList<JobEvent> events)
    {
        await session.Trip().Commit().RunAsync(Cancellation);
        session.Committed(hasEvents: true);
        reader.Committed(session.Slot, session.Number, events);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
