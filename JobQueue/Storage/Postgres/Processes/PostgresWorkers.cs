using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Connections;

namespace JobQueue.Storage.Postgres.Processes;

/// <summary>Whom this process knows, and what the others told of theirs. Thread-safe.</summary>
internal sealed class PostgresWorkers(WorkerDirectory own, ServerProcess process, PostgresConnections connections, TimeProvider time) : IWorkers
{
    /// <summary>A process that says nothing for so long is dead, or cut off from the database: several of its beats are missing.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(10);

    public async ValueTask<IReadOnlyList<KnownWorker>> PresentAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - WorkerDirectory.PresentFor;
        return [.. (await AllAsync(cancellationToken)).Where(worker => worker.IsPresentSince(since))];
    }

    public async ValueTask<IReadOnlyList<KnownWorker>> AllAsync(CancellationToken cancellationToken)
    {
        var (all, now) = (own.All().ToList(), time.GetUtcNow());
        await using (var connection = await connections.Pool.OpenConnectionAsync(cancellationToken))
        {
            await new RoundTrip(connection).Read(
                "other_processes",
                row =>
                {
                    var silentFor = TimeSpan.FromMilliseconds(row.GetInt64(1));
                    var told = ToldWorkers.Read(row.GetString(2), row.GetString(0), now - silentFor);
                    all.AddRange(silentFor <= SilentAfter ? told : told.Select(worker => worker with
                    {
                        Waiting = false,
                        Silent = worker.InProcess,
                        JobsBackAt = worker.InProcess && row.NullableLong(3) is { } left ? now + TimeSpan.FromMilliseconds(left) : null,
                    }));
                },
                Sent.Value(process.Name),
                Sent.Value((long)SilentAfter.TotalMilliseconds)).RunAsync(cancellationToken);
        }

        return Once(all);
    }

    /// <summary>A remote worker may call one process now and another then.</summary>
    private static List<KnownWorker> Once(IEnumerable<KnownWorker> workers)
    {
        var once = new List<KnownWorker>();
        foreach (var same in workers.GroupBy(worker => (worker.Tenant, worker.Name, worker.Process)))
        {
            var ways = new List<KnownWorker>();
            foreach (var worker in same.OrderByDescending(worker => worker.LastHeard))
            {
                var known = ways.FindIndex(way => way.AsksAs(worker));
                if (known < 0)
                    ways.Add(worker);
                else
                    ways[known] = ways[known] with { Waiting = ways[known].Waiting || worker.Waiting };
            }

            once.AddRange(ways);
        }

        return once;
    }
}
