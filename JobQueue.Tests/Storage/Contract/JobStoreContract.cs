using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract;

/// <summary>
/// Every promise of <see cref="IJobStore"/>, once, in the words of the contract. Each provider of storage runs it through
/// a class of its own that says how a queue on it is started.
/// </summary>
public abstract partial class JobStoreContract
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>How long what must happen may take before the test gives up.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A queue of its own on empty storage.</summary>
    private protected abstract Task<TestQueue> StartAsync(Action<IServiceCollection>? configure = null);
}
