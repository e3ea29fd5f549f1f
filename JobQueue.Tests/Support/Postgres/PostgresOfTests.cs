using JobQueue.Storage.Postgres;
using JobQueue.Tests.Support.Postgres;
using Microsoft.EntityFrameworkCore;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresOfTests))]

namespace JobQueue.Tests.Support.Postgres;

/// <summary>
/// The one server on which most tests have databases, each of them its own: copies of one that was migrated once. It is started by the
/// first test that needs it.
/// </summary>
public sealed class PostgresOfTests : IAsyncDisposable
{
    /// <summary>Owns all that the migrations make. Those who serve a database are members.</summary>
    internal const string Owner = "jobqueue";

    private const string Template = "migrated";

    private static readonly Lazy<Task<PostgresCluster>> Started = new(StartAsync);

    private static int _databases;
    private static int _processes;

    /// <summary>A new database with the schema of the store and nothing in it.</summary>
    internal static async Task<(PostgresCluster Cluster, string Database)> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var cluster = await Started.Value;
        return (cluster, await CopyAsync(cluster, Template, cancellationToken));
    }

    /// <summary>A new database in which nothing was made yet, and the connection string of its owner.</summary>
    internal static async Task<(PostgresCluster Cluster, string Database, string ConnectionString)> CreateEmptyDatabaseAsync(CancellationToken cancellationToken)
    {
        var cluster = await Started.Value;
        var database = await CopyAsync(cluster, "template0", cancellationToken);
        return (cluster, database, cluster.ConnectionString(database, Owner) + ";Pooling=False");
    }

    /// <summary>A new database like another one, to which nobody may be connected.</summary>
    internal static async Task<string> CopyAsync(PostgresCluster cluster, string database, CancellationToken cancellationToken)
    {
        var copy = $"queue_{Interlocked.Increment(ref _databases)}";
        await cluster.RunAsync($"CREATE DATABASE {copy} TEMPLATE {database} OWNER {Owner}", cancellationToken);
        return copy;
    }

    /// <summary>The name under which one more process logs in.</summary>
    internal static async Task<string> CreateProcessAsync(PostgresCluster cluster, CancellationToken cancellationToken)
    {
        var process = $"process_{Interlocked.Increment(ref _processes)}";
        await cluster.RunAsync($"CREATE ROLE {process} LOGIN IN ROLE {Owner}", cancellationToken);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated && Started.Value.IsCompletedSuccessfully)
            await (await Started.Value).DisposeAsync();
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        var cluster = await PostgresCluster.StartAsync();
        await cluster.RunAsync($"CREATE ROLE {Owner} LOGIN", CancellationToken.None);
        await cluster.RunAsync($"CREATE DATABASE {Template} OWNER {Owner}", CancellationToken.None);
        var connectionString = cluster.ConnectionString(Template, Owner) + ";Pooling=False";
        await using (var db = new PostgresDb(new DbContextOptionsBuilder<PostgresDb>().UseNpgsql(connectionString).Options))
            await db.Database.MigrateAsync(CancellationToken.None);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var clock = new NpgsqlCommand(PostgresClock.Schema, connection);
        await clock.ExecuteNonQueryAsync(CancellationToken.None);
        return cluster;
    }
}
