using JobQueue.Jobs;
using JobQueue.Storage.Sqlite;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Tenants;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobQueue.Tests.Storage.Sqlite;

/// <summary>Nobody hears of a commit before it is on the disk.</summary>
public sealed class CommitFlusherTests : IDisposable
{
    private readonly JobFeed _feed = new();
    private readonly EventPublisher _publisher;
    private readonly TaskCompletionSource _flushing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disk = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _free = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CommitFlusher _flusher;

    public CommitFlusherTests()
    {
        _publisher = new EventPublisher(_feed, NullLogger.Instance);
        _flusher = new CommitFlusher(Flush, _publisher, () => _free.TrySetResult(), _failed.SetResult, (_, _) => { });
        _flusher.Start();
    }

    [Fact]
    public async Task Answers_and_events_wait_for_the_flush()
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var subscription = _feed.Subscribe(_ => heard.SetResult());
        var command = new Answered().Applied();

        _flusher.Flush(new CommittedBatch(0, [command], [], [Event]));

        await _flushing.Task;
        Assert.False(_flusher.IsFree);
        Assert.False(command.Task.IsCompleted);
        Assert.False(heard.Task.IsCompleted);
        _disk.SetResult();
        Assert.True(await command.Task);
        await heard.Task;
        await _free.Task;
        Assert.True(_flusher.IsFree);
    }

    [Fact]
    public async Task Failed_flush_is_told_to_every_caller_and_to_nobody_else()
    {
        var heard = false;
        using var subscription = _feed.Subscribe(_ => heard = true);
        var command = new Answered().Applied();
        var wish = new LeaseCommand(new LeaseRequest { Worker = new WorkerIdentity("w", InProcess: true), Slots = 1, Duration = TimeSpan.FromSeconds(1) });

        _flusher.Flush(new CommittedBatch(0, [command], [wish], [Event]));
        _disk.SetException(new IOException("gone"));

        Assert.Equal("gone", (await _failed.Task).Message);
        await Assert.ThrowsAsync<StoreStoppedException>(() => command.Task);
        await Assert.ThrowsAsync<StoreStoppedException>(() => wish.Task);
        _flusher.Dispose();
        _publisher.Dispose();
        Assert.False(heard);
    }

    [Fact]
    public async Task After_a_failed_flush_nothing_is_durable_any_more_though_later_ones_seem_to_succeed()
    {
        var flushes = 0;
        using var flusher = new CommitFlusher(
            () =>
            {
                if (++flushes == 1)
                    throw new IOException("gone");
            },
            _publisher,
            () => { },
            _ => { },
            (_, _) => { });
        flusher.Start();
        var (first, second) = (new Answered().Applied(), new Answered().Applied());

        flusher.Flush(new CommittedBatch(0, [first], [], []));
        flusher.Flush(new CommittedBatch(0, [second], [], []));

        await Assert.ThrowsAsync<StoreStoppedException>(() => first.Task);
        await Assert.ThrowsAsync<StoreStoppedException>(() => second.Task);
    }

    [Fact]
    public async Task While_the_disk_is_busy_one_more_batch_may_wait_if_it_is_as_large()
    {
        Assert.True(_flusher.Takes(1));
        _flusher.Flush(new CommittedBatch(0, Enough(2), [], []));
        await _flushing.Task;

        Assert.False(_flusher.Takes((2 * WriterInbox.WorthWaking) - 1));
        Assert.True(_flusher.Takes(2 * WriterInbox.WorthWaking));
        var waiting = new Answered().Applied();
        _flusher.Flush(new CommittedBatch(0, [waiting], [], []));
        Assert.False(_flusher.Takes(1000));
        Assert.False(waiting.Task.IsCompleted);

        _disk.SetResult();
        Assert.True(await waiting.Task);
    }

    [Fact]
    public async Task Small_batch_does_not_wait_behind_a_smaller_one_but_grows()
    {
        _flusher.Flush(new CommittedBatch(0, [new Answered().Applied()], [], []));
        await _flushing.Task;

        Assert.False(_flusher.Takes(WriterInbox.WorthWaking - 1));
        Assert.True(_flusher.Takes(WriterInbox.WorthWaking));
    }

    [Fact]
    public async Task Batch_given_before_the_end_is_flushed_and_answered()
    {
        _disk.SetResult();
        var command = new Answered().Applied();

        _flusher.Flush(new CommittedBatch(0, [command], [], []));
        _flusher.Dispose();

        Assert.True(command.Task.IsCompletedSuccessfully);
        Assert.True(await command.Task);
    }

    public void Dispose()
    {
        _disk.TrySetResult();
        _flusher.Dispose();
        _publisher.Dispose();
    }

    private static JobEvent Event => new()
    {
        Kind = JobEventKind.Submitted,
        JobId = JobId.Create(1, 1, 1),
        TenantId = new TenantId(1),
        Tenant = "acme",
        Queue = "q",
        Type = "t",
        Status = JobStatus.Pending,
        At = default,
    };

    private static List<StoreCommand> Enough(int times) =>
        [.. Enumerable.Range(0, times * WriterInbox.WorthWaking).Select(_ => new Answered().Applied())];

    private void Flush()
    {
        _flushing.TrySetResult();
        _disk.Task.GetAwaiter().GetResult();
    }

    private sealed class Answered() : StoreCommand<bool>(CancellationToken.None)
    {
        public Answered Applied()
        {
            Apply(null!);
            return this;
        }

        protected override bool Run(WriteContext context) => true;
    }
}
