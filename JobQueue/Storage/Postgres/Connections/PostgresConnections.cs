using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>
/// The ways to the database: a pool for reads and rare writes, and connections of their own for the writers. Thread-safe.
/// </summary>
/// <remarks>
/// Time-outs of the writers' connections are set by us where the connection string says nothing: a peer that falls silent holds a command
/// for their sum, where encryption is tried first for twice the first of them, and that must be well under a lease.
/// </remarks>
internal sealed class PostgresConnections : IAsyncDisposable, IDisposable
{
    /// <summary>Connections of the pool, beside two writers and a listener: processes times this must fit the server's limit.</summary>
    private const int PoolSize = 20;

    /// <summary>For one of the pool: as long as a caller may well wait for its turn.</summary>
    private const int PoolTimeout = 10;

    private readonly string _own;

    public PostgresConnections(string connectionString)
    {
        var pooled = Completed(connectionString);
        if (!Names(connectionString, "Maximum Pool Size"))
            pooled.MaxPoolSize = PoolSize;
        if (!Names(connectionString, "Timeout"))
            pooled.Timeout = PoolTimeout;
        Pool = new NpgsqlDataSourceBuilder(pooled.ConnectionString).Build();
        var own = Completed(connectionString);
        own.Pooling = false;
        if (!Names(connectionString, "Timeout"))
            own.Timeout = 2;
        if (!Names(connectionString, "Command Timeout"))
            own.CommandTimeout = 5;
        own.MaxAutoPrepare = 200;
        own.AutoPrepareMinUsages = 2;
        own.ApplicationName ??= "jobqueue";
        _own = own.ConnectionString;
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        Shown = $"{builder.Host}/{builder.Database ?? builder.Username}";
    }

    public NpgsqlDataSource Pool { get; }

    /// <summary>Host and database, for messages.</summary>
    public string Shown { get; }

    /// <summary>A connection of one's own, which nothing else uses.</summary>
    /// <param name="change">What differs from the settings of all.</param>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken, Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(_own);
        change?.Invoke(settings);
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Pool.DisposeAsync();

    public void Dispose() => Pool.Dispose();

    private static NpgsqlConnectionStringBuilder Completed(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.Host?.Contains(',') == true && !Names(connectionString, "Target Session Attributes"))
            settings.TargetSessionAttributes = "primary";
        return settings;
    }

    /// <summary>Whether the text says something about a setting, by any of its names. ContainsKey says yes to every name that it knows.</summary>
    private static bool Names(string connectionString, string setting) =>
        new NpgsqlConnectionStringBuilder(connectionString).ShouldSerialize(setting);
}
