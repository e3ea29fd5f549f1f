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

    /// <summary>Of lanes that were opened or loaded.</summary>
    /// <exception cref="StaleReadException">It was forgotten meanwhile.</exception>
    public LaneInfo this[LaneName name] => Find(name) ?? throw new StaleReadException($"The lane {name} is not known any more.");

    /// <inheritdoc cref="this[LaneName]"/>
    public LaneInfo this[int id] => Find(id) ?? throw new StaleReadException($"The lane {id} is not known any more.");

    /// <summary>How many lanes a tenant has, of which some may be empty; at least those that were counted and opened here.</summary>
    public int CountOf(int tenant) => _counts.GetValueOrDefault(tenant);

    /// <summary>Counts the lanes of tenants that were not met before.</summary>
    public async Task CountAsync(NpgsqlConnection connection, IEnumerable<int> tenants, CancellationToken cancellationToken)
    {
        var missing = tenants.Where(tenant => !_counts.ContainsKey(tenant)).ToArray();
        if (missing.Length > 0)
            await new RoundTrip(connection).Read("count_lane_names", row => _counts[row.GetInt32(0)] = row.GetInt32(1), Sent.Value(missing)).RunAsync(cancellationToken);
    }

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
        await new RoundTrip(connection).Read(
            "open_lanes", row => _counts.AddOrUpdate(row.GetInt32(0), 1, static (_, count) => count + 1), Names()).RunAsync(cancellationToken);
        await new RoundTrip(connection).Read("find_lanes", Add, Names()).RunAsync(cancellationToken);
    }

    /// <summary>Reads lanes that other processes opened.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, IEnumerable<int> ids, CancellationToken cancellationToken)
    {
        var missing = ids.Where(id => !_byId.ContainsKey(id)).Distinct().ToArray();
        if (missing.Length > 0)
            await new RoundTrip(connection).Read("load_lanes", Add, Sent.Value(missing)).RunAsync(cancellationToken);
    }

    /// <summary>Forgets what names stand for: a lane is gone. Its number is never given to another.</summary>
    public void Clear()
    {
        _byName.Clear();
        _counts.Clear();
    }

    private void Add(NpgsqlDataReader row)
    {
        var lane = new LaneInfo(row.GetInt32(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetBoolean(4));
        _byId[lane.Id] = lane;
        _byName[lane.Name] = lane;
    }
}
