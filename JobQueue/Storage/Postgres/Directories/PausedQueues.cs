using System.Collections.Concurrent;
using JobQueue.Queues;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Tenants;
using Npgsql;

namespace JobQueue.Storage.Postgres.Directories;

/// <summary>The paused queues, as last read: read again when any process has changed them. Thread-safe.</summary>
internal sealed class PausedQueues
{
    private volatile ConcurrentDictionary<(int Tenant, string Queue), QueuePause> _paused = new();

    public bool Contains(TenantId tenant, string queue) => _paused.ContainsKey((tenant.Value, queue));

    public QueuePause? Find(TenantId tenant, string queue) => _paused.GetValueOrDefault((tenant.Value, queue));

    public void Add(TenantId tenant, string queue, QueuePause pause) => _paused[(tenant.Value, queue)] = pause;

    public void Remove(TenantId tenant, string queue) => _paused.TryRemove((tenant.Value, queue), out _);

    public async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var paused = new ConcurrentDictionary<(int, string), QueuePause>();
        await new RoundTrip(connection).Read("load_paused", row => Add(paused, row), []).RunAsync(cancellationToken);
        _paused = paused;
    }

    private static void Add(ConcurrentDictionary<(int, string), QueuePause> paused, NpgsqlDataReader row) =>
        paused[(row.GetInt32(0), row.GetString(1))] = new QueuePause(
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)));
}
