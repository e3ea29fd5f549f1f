using System.Collections.Concurrent;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Directories;

/// <summary>The targets that failed, as last read: read again when any process has changed them. Thread-safe.</summary>
internal sealed class BreakerDirectory
{
    private volatile ConcurrentDictionary<(int Tenant, string Target), KnownBreaker> _breakers = new();

    public IEnumerable<KnownBreaker> All => _breakers.Values;

    public KnownBreaker? Find(int tenant, string target) => _breakers.GetValueOrDefault((tenant, target));

    /// <param name="breaker">Null when the target answers.</param>
    public void Set(int tenant, string target, KnownBreaker? breaker)
    {
        if (breaker is null)
            _breakers.TryRemove((tenant, target), out _);
        else
            _breakers[(tenant, target)] = breaker;
    }

    public async Task LoadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var breakers = new ConcurrentDictionary<(int, string), KnownBreaker>();
        await new RoundTrip(connection).Read("load_breakers", Add).RunAsync(cancellationToken);
        _breakers = breakers;

        void Add(NpgsqlDataReader row)
        {
            var read = KnownBreaker.Read(row);
            breakers[(read.Tenant, read.Target)] = read;
        }
    }
}
