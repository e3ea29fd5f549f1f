using JobQueue.Tests.Storage.Contract;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Sqlite;

/// <summary>The store's promises on SQLite.</summary>
public sealed class SqliteJobStoreTests : JobStoreContract
{
    private protected override Task<TestQueue> StartAsync(Action<IServiceCollection>? configure = null) => TestQueue.StartAsync(builder => configure?.Invoke(builder.Services));
}
