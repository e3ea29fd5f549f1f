using System.Globalization;
using JobQueue.Jobs.Events;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Postgres;
using Npgsql;

namespace JobQueue.Tests.Storage.Postgres.Events;

/// <summary>A database, and the processes that were started on it.</summary>
internal sealed class OutboxDatabase : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly PostgresCluster _cluster;
    private readonly string _name;

    private OutboxDatabase(PostgresCluster cluster, string name) => (_cluster, _name) = (cluster, name);

    public static TenantId Acme { get; } = new(1);

    public static TenantId Globex { get; } = new(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<OutboxDatabase> CreateAsync()
    {
        var (cluster, name) = await PostgresOfTests.CreateDatabaseAsync(Cancellation);
        return new OutboxDatabase(cluster, name);
    }

    public static JobEvent Event(TenantId tenant) => TestJobs.Create("echo").Event(JobEventKind.Submitted) with
    {
        TenantId = tenant,
        Attempt = 0,
        At = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Another database with the same in it. The processes on this one end.</summary>
    public async Task<OutboxDatabase> CopyAsync()
    {
        await DisposeAsync();
        return new OutboxDatabase(_cluster, await PostgresOfTests.CopyAsync(_cluster, _name, Cancellation));
    }

    public async Task<OutboxProcess> StartAsync()
    {
        var process = await OutboxProcess.StartAsync(_cluster.ConnectionString(_name, PostgresOfTests.Owner));
        _opened.Add(process);
        return process;
    }

    public async Task<OutboxCommitter> CommitterAsync(OutboxProcess process)
    {
        var committer = await process.CommitterAsync();
        _opened.Add(committer);
        return committer;
    }

    /// <summary>Somebody else's connection.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_cluster.AdministratorOf(_name));
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    public async Task RunAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<int> NumberAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture);
    }

    /// <summary>What is kept.</summary>
    public async Task<IReadOnlyList<(int Writer, long Number)>> RowsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand("SELECT writer, number FROM event_batches ORDER BY 1, 2", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<(int, long)>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add((reader.GetInt32(0), reader.GetInt64(1)));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_opened))
            await each.DisposeAsync();
        _opened.Clear();
    }
}
