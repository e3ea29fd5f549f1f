using JobQueue.Jobs.Leases;
using JobQueue.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Jobs.Leases;

public sealed class WorkerDirectoryTests
{
    private static readonly TenantId Acme = new(1);

    private readonly FakeTimeProvider _time = new();
    private readonly WorkerDirectory _workers;

    public WorkerDirectoryTests() => _workers = new WorkerDirectory(_time);

    [Fact]
    public void Worker_waits_until_the_last_of_its_calls_has_ended()
    {
        var first = _workers.Asking(Acme, "w", null, null, 1);
        var second = _workers.Asking(Acme, "w", null, null, 1);
        _workers.Heard(new HeldJobInfo("w", Acme, "default", "echo"));

        second.Dispose();
        second.Dispose();
        Assert.True(Assert.Single(_workers.All()).Waiting);
        first.Dispose();

        Assert.False(Assert.Single(_workers.All()).Waiting);
    }

    [Fact]
    public void Worker_that_waits_for_long_is_present_and_one_that_went_a_minute_ago_is_not()
    {
        var waiting = _workers.Asking(Acme, "w", null, null, 1);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Single(_workers.Present());

        waiting.Dispose();
        _time.Advance(WorkerDirectory.PresentFor);
        Assert.Single(_workers.Present());
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Empty(_workers.Present());
    }

    [Fact]
    public void Each_way_of_asking_is_listed_once()
    {
        foreach (var type in (string[])["mail", "print", "mail"])
            _workers.Asking(Acme, "w", null, new HashSet<string> { type }, 1).Dispose();

        Assert.Equal(2, _workers.All().Count);
    }

    [Fact]
    public void This_process_own_pool_is_always_present()
    {
        _workers.Register(new WorkerIdentity("pool", "process"), new HashSet<string> { "echo" }, 16);
        _workers.Asking(null, "pool", null, null, 1).Dispose();
        _time.Advance(TimeSpan.FromDays(2));

        var pool = Assert.Single(_workers.Present());
        Assert.True(pool.InProcess);
        Assert.True(pool.Takes(Acme, "default", "echo"));
        Assert.False(pool.Takes(Acme, "default", "mail"));
    }

    [Fact]
    public void Workers_of_one_call_each_are_forgotten_before_there_are_too_many()
    {
        for (var number = 0; number < 30_000; number++)
        {
            _workers.Asking(Acme, $"w{number}", null, null, 1).Dispose();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(_workers.All().Count, 1, 10_000);
    }
}
