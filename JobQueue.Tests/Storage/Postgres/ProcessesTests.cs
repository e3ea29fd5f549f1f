using JobQueue.Jobs.Leases;
using JobQueue.Tests.Storage.Contract;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>What processes know of each other.</summary>
public sealed class ProcessesTests() : StoreContract(StoreProvider.Postgres)
{
    [Fact]
    public async Task Workers_of_one_process_are_known_in_the_others()
    {
        await using var one = await StartAsync();
        await using var two = await one.SecondProcessAsync();
        var acme = await one.TenantAsync("acme");
        RegisterPool(one, "echo");
        using var asking = Directory(one).Asking(acme, "w", new HashSet<string> { "mail" }, null, slots: 3);

        one.Time.Advance(Second);
        await Eventually.True(async () => (await PresentAsync(two)).Count == 2, "both are told");

        var (pool, remote) = await PresentAsync(two) switch { [{ InProcess: true } first, var second] => (first, second), var all => (all[1], all[0]) };
        Assert.Equal((Process(one), 16, null), (pool.Process, pool.Slots, pool.Tenant));
        Assert.True(pool.Takes(acme, "default", "echo"));
        Assert.False(pool.Takes(acme, "default", "mail"));
        Assert.Equal((null, "w", 3, acme, true), (remote.Process, remote.Name, remote.Slots, remote.Tenant, remote.Waiting));
        Assert.True(remote.Takes(acme, "mail", "anything"));
        Assert.False(remote.Takes(acme, "default", "anything"));
        Assert.Equal(one.Time.GetUtcNow() - Second, remote.LastHeard);
    }

    [Fact]
    public async Task Remote_worker_that_calls_several_processes_is_one_worker()
    {
        await using var one = await StartAsync();
        await using var two = await one.SecondProcessAsync();
        var acme = await one.TenantAsync("acme");
        Directory(one).Asking(acme, "w", null, null, slots: 1).Dispose();
        using var asking = Directory(two).Asking(acme, "w", null, null, slots: 1);

        one.Time.Advance(Second);
        await Eventually.True(async () => Assert.Single(await PresentAsync(one)).Waiting, "the other process tells that it waits");
        Assert.True(Assert.Single(await PresentAsync(two)).Waiting);
    }

    [Fact]
    public async Task Process_that_dies_is_told_as_silent_with_the_time_when_its_jobs_come_back()
    {
        await using var one = await StartAsync();
        await using var two = await one.SecondProcessAsync();
        await one.SubmitAsync(await one.TenantAsync("acme"));
        RegisterPool(two, "echo");
        var leased = await two.LeaseOneAsync(new WorkerIdentity("pool", Process(two)));
        one.Time.Advance(Second);
        await Eventually.True(async () => (await PresentAsync(one)).Count == 1, "the pool is told");

        await Assert.IsType<PostgresHost>(two.Storage).CutOffAsync(Ct);
        one.Time.Advance(11 * Second);

        Assert.Empty(await PresentAsync(one));
        var silent = Assert.Single(await Workers(one).AllAsync(Ct));
        Assert.Equal((Process(two), true, (DateTimeOffset?)leased.ExpiresAt), (silent.Process, silent.Silent, silent.JobsBackAt));
    }

    [Fact]
    public async Task Process_that_stops_is_gone_at_once()
    {
        await using var one = await StartAsync();
        await using (var two = await one.SecondProcessAsync())
        {
            RegisterPool(two, "echo");
            one.Time.Advance(Second);
            await Eventually.True(async () => (await PresentAsync(one)).Count == 1, "the pool is told");
        }

        Assert.Empty(await Workers(one).AllAsync(Ct));
    }

    private static void RegisterPool(TestQueue queue, string type) =>
        Directory(queue).Register(new WorkerIdentity("pool", Process(queue)), new HashSet<string> { type }, 16);

    private static WorkerDirectory Directory(TestQueue queue) => queue.Services.GetRequiredService<WorkerDirectory>();

    private static IWorkers Workers(TestQueue queue) => queue.Services.GetRequiredService<IWorkers>();

    private static string Process(TestQueue queue) => queue.Services.GetRequiredService<JobQueue.Jobs.Leases.ServerProcess>().Name;

    private static Task<IReadOnlyList<KnownWorker>> PresentAsync(TestQueue queue) => Workers(queue).PresentAsync(Ct).AsTask();
}
