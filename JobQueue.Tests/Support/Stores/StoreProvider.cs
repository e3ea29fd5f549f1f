namespace JobQueue.Tests.Support.Stores;

/// <summary>A database engine that the contract is kept on.</summary>
public sealed class StoreProvider
{
    private readonly Func<CancellationToken, Task<IStoreHost>> _create;

    private StoreProvider(Func<CancellationToken, Task<IStoreHost>> create) => _create = create;

    public static StoreProvider Sqlite { get; } = new(_ => Task.FromResult<IStoreHost>(new SqliteHost()));

    public static StoreProvider Postgres { get; } = new(PostgresHost.CreateAsync);

    /// <summary>Empty storage.</summary>
    internal Task<IStoreHost> CreateAsync(CancellationToken cancellationToken) => _create(cancellationToken);
}
