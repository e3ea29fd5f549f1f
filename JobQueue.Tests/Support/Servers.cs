using JobQueue.Jobs.Leases;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support;

/// <summary>Several server processes on one storage, at one time.</summary>
internal sealed class Servers : IAsyncDisposable
{
    private readonly List<TestQueue> _all;
    private readonly HashSet<TestQueue> _cutOff = [];

    private Servers(TestQueue first) => _all = [first];

    public TestQueue this[int server] => _all[server];

    public IReadOnlyList<TestQueue> All => _all;

    public TestClock Time => _all[0].Time;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="first">The queue that the others join; it is disposed with them.</param>
    public static async Task<Servers> StartAsync(TestQueue first, int count)
    {
        var servers = new Servers(first);
        try
        {
            while (servers._all.Count < count)
                servers._all.Add(await first.SecondProcessAsync());
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>A worker that lives and dies with a server.</summary>
    public WorkerIdentity Worker(int server) => new($"worker of {server}", _all[server].Services.GetRequiredService<JobQueue.Jobs.Leases.ServerProcess>().Name);

    /// <summary>Makes so many calls at once, spread over all servers.</summary>
    public Task<T[]> RaceAsync<T>(int calls, Func<TestQueue, int, Task<T>> call) =>
        Task.WhenAll(Enumerable.Range(0, calls).Select(i => Task.Run(() => call(_all[i % _all.Count], i), Ct)));

    /// <summary>As <see cref="TestQueue.LiveAsync"/>, on every server that is not cut off.</summary>
    public async Task LiveAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            Time.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            foreach (var server in _all.Where(server => !_cutOff.Contains(server)))
                await server.Store.ReapAsync(Ct);
        }
    }

    /// <summary>Waits for what a server that was cut off still does: it tries again now and then, for which time has to go by.</summary>
    public async Task<T> PassAsync<T>(Task<T> task)
    {
        await Eventually.True(
            () =>
            {
                Time.Advance(TimeSpan.FromMilliseconds(50));
                return task.IsCompleted;
            },
            "a server that was cut off has ended what it did");
        return await task;
    }

    /// <summary>As if a server had died: whatever it does or says from now on reaches nothing.</summary>
    public async Task CutOffAsync(int server)
    {
        _cutOff.Add(_all[server]);
        await _all[server].Storage.CutOffAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        // The storage goes with the first.
        foreach (var server in Enumerable.Reverse(_all))
            await (_cutOff.Contains(server) ? PassAsync(EndAsync(server)) : EndAsync(server));

        static async Task<bool> EndAsync(TestQueue server)
        {
            await server.DisposeAsync();
            return true;
        }
    }
}
