using System.Security.Cryptography;
using JobQueue.Jobs.Events;
using JobQueue.Storage.Postgres.Connections;

namespace JobQueue.Storage.Postgres.Events;

/// <summary>
/// The events of all processes, which the database keeps for a while, as what the feed gets its events from and what followers come
/// back for. Thread-safe.
/// </summary>
internal sealed class Outbox(PostgresConnections connections, OutboxReader reader) : IEventSource, IDisposable
{
    /// <summary>Read at once for one who comes back.</summary>
    private const int MaxBatches = 256;
    private const int MaxBytes = 256 << 10;

    /// <summary>The most that is kept of what nobody may come back for any more.</summary>
    private const long MaxKeptBytes = 512L << 20;

    /// <summary>Looked at by one statement. Some of them are kept; and when most are, the rest has time.</summary>
    private const int TrimSlice = 2_000;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <summary>Until it is tried again to read for one who follows, when the database cannot be reached.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private EventIds? _ids;
    private EventPosition? _begins;

    public EventIds Ids => _ids ?? throw new InvalidOperationException("The store has not started.");

    public EventPosition Begins => _begins ?? throw new InvalidOperationException("The store has not started.");

    public bool KeepsEvents => true;

    /// <summary>Once the tables are there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(EventIds.KeyBytes));
        await using (var connection = await connections.Pool.OpenConnectionAsync(cancellationToken))
        {
            // Apart: what another process has put there meanwhile is seen by the statement after.
            await new RoundTrip(connection).Write("event_key", null, Sent.Value(key)).RunAsync(cancellationToken);
            await new RoundTrip(connection).Read("read_event_key", row => key = row.GetString(0)).RunAsync(cancellationToken);
        }

        _ids = new EventIds(Convert.FromBase64String(key));
        await reader.StartAsync(cancellationToken);
        _begins = reader.Position;
    }

    public Task WhenToldAsync(CancellationToken cancellationToken) => reader.WhenToldAsync(cancellationToken);

    public async ValueTask<EventsRead?> ReadAsync(
        EventPosition after, EventPosition upTo, EventFilter filter, CancellationToken cancellationToken)
    {
        if (!after.IsInStreamOf(upTo))
            return null;
        while (true)
        {
            try
            {
                return await ReadPartAsync(after, upTo, filter, cancellationToken);
            }
            catch (Exception exception) when (PostgresErrors.IsGone(exception) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(RetryPause, TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Deletes what nobody may come back for any more, a bounded number of batches at a time.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        await using var connection = await connections.Pool.OpenConnectionAsync(cancellationToken);
        int deleted;
        do
        {
            deleted = 0;
            await new RoundTrip(connection)
                .Read("trim_events", row => deleted = row.GetInt32(0), Sent.Value((long)Kept.TotalMilliseconds), Sent.Value(MaxKeptBytes), Sent.Value(TrimSlice))
                .RunAsync(cancellationToken);
        }
        while (deleted > TrimSlice / 2);
    }

    public void Dispose() => _ids?.Dispose();

    private async Task<EventsRead?> ReadPartAsync(
        EventPosition after, EventPosition upTo, EventFilter filter, CancellationToken cancellationToken)
    {
        var ranges = upTo.Writers.Select(each => (each.Writer, After: after.BatchesOf(each.Writer), UpTo: each.Batches)).Where(each => each.After < each.UpTo).ToList();
        if (ranges.Count == 0)
            return new EventsRead([], after.Join(upTo));
        var first = new Dictionary<int, long>();
        var rows = new List<OutboxRow>();
        await using (var connection = await connections.Pool.OpenConnectionAsync(cancellationToken))
        {
            await new RoundTrip(connection)
                .Read("event_writers", row => first[row.GetInt32(0)] = row.GetInt64(1))
                .Read(
                    "events_between",
                    row => rows.Add(OutboxRow.From(row)),
                    Sent.Column(ranges, each => each.Writer),
                    Sent.Column(ranges, each => each.After),
                    Sent.Column(ranges, each => each.UpTo),
                    Sent.Value(MaxBatches),
                    Sent.Value(MaxBytes))
                .RunAsync(cancellationToken);
        }

        // Told before anything that comes after the gap, and so before what is still there.
        if (ranges.Exists(each => !first.TryGetValue(each.Writer, out var oldest) || oldest > each.After + 1))
            return null;
        return Read(rows, after, filter) is { } read && (rows.Count > 0) ? read : null;
    }

    private static EventsRead? Read(List<OutboxRow> rows, EventPosition after, EventFilter filter)
    {
        var (events, reached) = (new List<(EventPosition, JobEvent)>(), after);
        foreach (var row in rows)
        {
            // Deleted since, or what a newer program wrote.
            if (row.Number != reached.BatchesOf(row.Writer) + 1 || EventBatchBody.Read(row.Body!) is not { } batch)
                return events.Count > 0 ? new EventsRead(events, reached) : null;
            var place = new BatchPlace(reached, row.Writer, row.Number, batch.Count);
            for (var index = 0; index < batch.Count; index++)
            {
                if (batch[index] is { IsAboutJob: true } happened && filter.Matches(happened) && !after.Contains(row.Writer, row.Number, index))
                    events.Add((place.PositionAfter(index), happened));
            }

            reached = place.After;
        }

        return new EventsRead(events, reached);
    }
}
