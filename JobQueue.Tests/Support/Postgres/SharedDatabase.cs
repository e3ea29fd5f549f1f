namespace JobQueue.Tests.Support.Postgres;

/// <summary>A database for whole servers, whose clock goes.</summary>
internal sealed class SharedDatabase : IAsyncDisposable
{
    private readonly PostgresCluster _cluster;
    private readonly string _name;

    private SharedDatabase(PostgresCluster cluster, string name) => (_cluster, _name) = (cluster, name);

    public static async Task<SharedDatabase> CreateAsync()
    {
        var (cluster, name) = await PostgresOfTests.CreateDatabaseAsync(TestContext.Current.CancellationToken);
        return new SharedDatabase(cluster, name);
    }

    /// <summary>One more server on the database.</summary>
    public async Task<QueueApp> StartServerAsync(params (string Key, string Value)[] settings)
    {
        var process = await PostgresOfTests.CreateProcessAsync(_cluster, TestContext.Current.CancellationToken);
        var all = new Dictionary<string, string>
        {
            ["Storage:Provider"] = "Postgres",
            ["ConnectionStrings:JobQueue"] = _cluster.ConnectionString(_name, process),
        };
        foreach (var (key, value) in settings)
            all[key] = value;
        return await QueueApp.StartAsync(new QueueAppOptions { Settings = all });
    }

    public async ValueTask DisposeAsync() => await _cluster.RunAsync($"DROP DATABASE {_name} WITH (FORCE)", CancellationToken.None);
}
