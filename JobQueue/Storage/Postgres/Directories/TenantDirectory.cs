using System.Collections.Concurrent;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Tenants;
using Npgsql;

namespace JobQueue.Storage.Postgres.Directories;

/// <summary>The tenants and their limits, as last read: read again when any process has changed them. Thread-safe.</summary>
internal sealed class TenantDirectory
{
    private readonly ConcurrentDictionary<int, TenantInfo> _tenants = new();

    public IEnumerable<TenantInfo> All => _tenants.Values;

    public TenantInfo? Find(int id) => _tenants.GetValueOrDefault(id);

    public TenantInfo this[int id] => _tenants[id];

    public TenantInfo this[TenantId id] => _tenants[id.Value];

    public Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        new RoundTrip(connection).Read("load_tenants", Add).RunAsync(cancellationToken);

    /// <summary>Reads tenants that other processes made, should there be any among these.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, IEnumerable<int> ids, CancellationToken cancellationToken)
    {
        if (!ids.All(_tenants.ContainsKey))
            await LoadAsync(connection, cancellationToken);
    }

    private void Add(NpgsqlDataReader row)
    {
        var limits = new TenantLimits(Limit(row, 2), Limit(row, 3), Limit(row, 4));
        _tenants[row.GetInt32(0)] = new TenantInfo(new TenantId(row.GetInt32(0)), row.GetString(1), limits);
    }

    private static int? Limit(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);
}
