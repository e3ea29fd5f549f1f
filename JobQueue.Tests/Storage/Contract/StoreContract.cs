using JobQueue.Jobs;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace JobQueue.Tests.Storage.Contract;

/// <summary>
/// The promises of any store, each once, in the words of the contract. A room holds those about one noun. A provider keeps them
/// in classes of its own, one for each class here; what it cannot promise it leaves out.
/// </summary>
public abstract class StoreContract(StoreProvider provider)
{
    private protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>How long what must happen may take before the test gives up.</summary>
    private protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected static LeaseRequest PatientWish => Some.Wish() with { Wait = Timeout.InfiniteTimeSpan };

    /// <summary>A queue of its own on empty storage.</summary>
    private protected async Task<TestQueue> StartAsync(Action<IServiceCollection>? configure = null) =>
        await TestQueue.StartAsync(await provider.CreateAsync(Ct), builder => configure?.Invoke(builder.Services));

    /// <summary>Several servers on empty storage.</summary>
    private protected async Task<Servers> StartServersAsync(int count, Action<IHostApplicationBuilder>? configure = null) =>
        await Servers.StartAsync(await TestQueue.StartAsync(await provider.CreateAsync(Ct), configure), count);

    private protected static async Task<(JobStatus Status, int Crashes)> StatusAsync(TestQueue queue, LeasedJob leased) =>
        await queue.FindAsync(leased.Job.Id) is var job ? (job.Status, job.Crashes) : default;

    private protected static RetentionCutoffs Cutoffs(TestQueue queue, double doneDays, double failedDays) =>
        new RetentionOptions { DoneDays = doneDays, FailedDays = failedDays }.CutoffsAt(queue.Time.GetUtcNow());

    /// <summary>One walk over everything.</summary>
    private protected static async Task<int> SweepAsync(TestQueue queue, double doneDays, double failedDays)
    {
        var swept = 0;
        SweepResult slice;
        do
        {
            slice = await queue.Store.SweepAsync(Cutoffs(queue, doneDays, failedDays), Ct);
            swept += slice.Deleted;
        }
        while (slice.More);
        return swept;
    }
}
