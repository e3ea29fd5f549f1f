using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobQueue.Tests.Storage;

/// <summary>Events are told in order, those of several commits at once; what waits for a slow log is bounded by their number.</summary>
public sealed class EventPublisherTests
{
    private const int Bound = 65_536;

    private static readonly JobEvent Event = new()
    {
        Kind = JobEventKind.Submitted,
        JobId = default,
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = "q",
        Type = "t",
        Status = JobStatus.Pending,
        At = default,
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_small_commits_do_not_wait_for_a_subscriber_that_is_held_up_and_none_is_lost()
    {
        using var release = new ManualResetEventSlim();
        var (feed, heard) = (new JobFeed(NullLogger<JobFeed>.Instance), 0);
        using var subscription = feed.Subscribe("test", batch =>
        {
            release.Wait(Ct);
            heard += batch.Count;
        });
        var publisher = new EventPublisher(feed.Publish);

        for (var i = 0; i < 10_000; i++)
            publisher.Publish([Event]);
        Assert.Equal(0, heard);

        // One that fills it, and then one that has to wait until there is room again.
        publisher.Publish([.. Enumerable.Repeat(Event, Bound)]);
        var last = Task.Run(() => publisher.Publish([Event]), Ct);
        release.Set();
        await last.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        publisher.Dispose();
        Assert.Equal(10_000 + Bound + 1, heard);
    }

    [Fact]
    public async Task What_waits_for_a_slow_subscriber_is_bounded_in_bytes_too()
    {
        using var release = new ManualResetEventSlim();
        var (feed, heard) = (new JobFeed(NullLogger<JobFeed>.Instance), 0);
        using var subscription = feed.Subscribe("test", batch =>
        {
            release.Wait(Ct);
            heard += batch.Count;
        });
        var publisher = new EventPublisher(feed.Publish);
        // 4,096 of 16 KB each are 64 MB.
        var failed = Event with { Kind = JobEventKind.Failed, Error = new JobError(new string('x', 8_000), null) };

        var told = 0;
        var telling = new Thread(() =>
        {
            for (; Volatile.Read(ref told) < 4_096; Interlocked.Increment(ref told))
                publisher.Publish([failed]);
        });
        telling.Start();
        await Eventually.True(
            () => Volatile.Read(ref told) > 1_000 && telling.ThreadState.HasFlag(ThreadState.WaitSleepJoin), "the writer waits for the subscriber");
        Assert.InRange(Volatile.Read(ref told), 1_000, 2_400);

        release.Set();
        Assert.True(telling.Join(TimeSpan.FromSeconds(30)));
        publisher.Dispose();
        Assert.Equal(4_096, heard);
    }

    [Fact]
    public void The_events_of_many_commits_are_told_together_in_their_order()
    {
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var (feed, rounds) = (new JobFeed(NullLogger<JobFeed>.Instance), new List<int[]>());
        using var subscription = feed.Subscribe("test", batch =>
        {
            begun.Set();
            release.Wait(Ct);
            rounds.Add([.. batch.Select(happened => happened.Attempt)]);
        });
        var publisher = new EventPublisher(feed.Publish);

        publisher.Publish([Event]);
        begun.Wait(Ct);
        for (var number = 1; number <= 3_000; number++)
            publisher.Publish([Event with { Attempt = number }]);
        release.Set();
        publisher.Dispose();

        Assert.Equal([1, 2_048, 952], rounds.Select(round => round.Length));
        Assert.Equal(Enumerable.Range(0, 3_001), rounds.SelectMany(round => round));
    }
}
