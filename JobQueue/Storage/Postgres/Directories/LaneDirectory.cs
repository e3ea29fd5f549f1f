using System.Collections.Concurrent;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Directories;

/// <summary>The lanes that this process has met. Thread-safe.</summary>
internal sealed class LaneDirectory
{
    private readonly ConcurrentDictionary<LaneName, LaneInfo> _byName = new();
    private readonly ConcurrentDictionary<int, LaneInfo> _byId = new();
    private readonly ConcurrentDictionary<int, int> _counts = new();

    public LaneInfo? Find(LaneName name) => _byName.GetValueOrDefault(name);

    public LaneInfo? Find(int id) => _byId.GetValueOrDefault(id);

    /// <summary>Only of lanes that were opened or loaded.</summary>
    public LaneInfo this[LaneName name] => _byName[name];

    public LaneInfo this[int id] => _byId[id];

    /// <summary>How many lanes of a tenant are known here.</summary>
    public int CountOf(int tenant) => _counts.GetValueOrDefault(tenant);

    /// <summary>Makes sure that lanes of these names exist. Outside a transaction: a lane that stays empty hurts nobody.</summary>
    public async Task OpenAsync(NpgsqlConnection connection, IEnumerable<LaneName> names, CancellationToken cancellationToken)
    {
        var missing = names.Where(name => !_byName.ContainsKey(name)).Distinct().ToList();
        if (missing.Count == 0)
            return;
        NpgsqlParameter[] Names() =>
        [
            Sent.Column(missing, name => name.TenantId), Sent.Column(missing, name => name.Queue),
            Sent.Column(missing, name => name.Type), Sent.Column(missing, name => name.Suspect),
        ];
        // Two statements: what another process committed meanwhile is seen by the second.
        await new RoundTrip(connection).Write("open_lanes", null, Names()).RunAsync(cancellationToken);
        await new RoundTrip(connection).Read("find_lanes", Add, Names()).RunAsync(cancellationToken);
    }

    /// <summary>Reads lanes that other processes opened.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, IEnumerable<int> ids, CancellationToken cancellationToken)
    {
        var missing = ids.Where(id => !_byId.ContainsKey(id)).Distinct().ToArray();
        if (missing.Length > 0)
            await new RoundTrip(connection).Read("load_lanes", Add, Sent.Value(missing)).RunAsync(cancellationToken);
    }

    /// <summary>Forgets all: one of them is gone.</summary>
    public void Clear()
    {
        _byName.Clear();
        _byId.Clear();
        _counts.Clear();
    }

    private void Add(NpgsqlDataReader row)
    {
        var lane = new LaneInfo(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetBoolean(4));
        if (_byId.TryAdd(lane.Id, lane))
            _counts.AddOrUpdate(lane.TenantId, 1, static (_, count) => count + 1);
        _byName[lane.Name] = lane;
    }
}
