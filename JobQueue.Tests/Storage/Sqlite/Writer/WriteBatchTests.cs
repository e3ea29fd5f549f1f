using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Tests.Storage.Sqlite.Writer;

/// <summary>Which writes share a transaction.</summary>
public sealed class WriteBatchTests : IDisposable
{
    private readonly WriterInbox _inbox = new();
    private readonly WriteBatch _batch;

    private readonly Looks _looks = new();

    public WriteBatchTests() => _batch = new WriteBatch(_inbox, _looks);

    public void Dispose() => _inbox.Dispose();

    [Fact]
    public void What_waits_and_what_comes_meanwhile_is_one_batch()
    {
        var writes = Post(3);

        _batch.Begin();
        Assert.Equal(writes, _batch.Writes);

        var late = Post(2);
        Assert.True(_batch.TakeMore());
        Assert.Equal([.. writes, .. late], _batch.Writes);

        Assert.False(_batch.TakeMore());
        Assert.Equal(5, _batch.Writes.Count);
    }

    [Fact]
    public void Callers_who_are_not_back_in_time_are_not_waited_for()
    {
        Post(2);
        _batch.Begin();
        _batch.Committed(flush: Looks.Second);

        var one = Post(1);
        _batch.Begin();
        Assert.False(_batch.TakeMore());
        Assert.Equal(one, _batch.Writes);
    }

    [Fact]
    public void Caller_who_is_back_within_the_moment_shares_the_flush()
    {
        Post(2);
        _batch.Begin();
        _batch.Committed(flush: Looks.Second);

        var first = Post(1);
        _batch.Begin();
        Nothing[] back = [];
        _looks.Before(10, () => back = Post(1));

        Assert.True(_batch.TakeMore());
        Assert.Equal([.. first, .. back], _batch.Writes);
        Assert.False(_batch.TakeMore());
    }

    [Fact]
    public void Callers_are_waited_for_no_longer_than_a_flush_takes()
    {
        Post(3);
        _batch.Begin();
        _batch.Committed(flush: 5);

        Post(1);
        _batch.Begin();
        _looks.Before(10, () => Post(1));
        Assert.True(_batch.TakeMore());

        Assert.False(_batch.TakeMore());
        Assert.Equal(2, _batch.Writes.Count);
    }

    [Fact]
    public void Caller_who_comes_while_nothing_waits_spares_the_writer_its_sleep()
    {
        Post(2);
        _batch.Begin();
        _batch.Committed(flush: 0);
        _looks.Before(10, () => Post(1));

        Assert.True(_batch.WaitForMore());
    }

    [Fact]
    public void Nobody_is_waited_for_when_nobody_was_answered_and_nothing_waits()
    {
        Assert.False(_batch.WaitForMore());

        Post(1);
        Assert.True(_batch.WaitForMore());
    }

    [Fact]
    public void A_batch_has_room_for_a_thousand_jobs_and_the_rest_comes_next()
    {
        var writes = Post(1_500);

        _batch.Begin();
        Assert.False(_batch.TakeMore());
        Assert.Equal(writes[..1_000], _batch.Writes);

        _batch.Committed(flush: 0);
        _batch.Begin();
        Assert.Equal(writes[1_000..], _batch.Writes);
    }

    [Fact]
    public void A_batch_has_room_for_four_megabytes_and_the_rest_comes_next()
    {
        for (var i = 0; i < 10; i++)
            _inbox.Add(new Nothing(CancellationToken.None, 1 << 20));

        _batch.Begin();
        Assert.False(_batch.TakeMore());
        Assert.Equal(4, _batch.Writes.Count);
    }

    [Fact]
    public async Task Who_brings_what_is_never_refused_waits_while_too_much_memory_is_taken()
    {
        for (var i = 0; i < 64; i++)
            _inbox.Add(new Nothing(CancellationToken.None, 1 << 20));
        var first = _inbox.RoomAsync(CancellationToken.None).AsTask();
        var second = _inbox.RoomAsync(CancellationToken.None).AsTask();
        using var gone = new CancellationTokenSource();
        var third = _inbox.RoomAsync(gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Assert.False(first.IsCompleted);

        _batch.Begin();

        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        Assert.True(_inbox.RoomAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void A_write_nobody_waits_for_any_more_is_left_out()
    {
        using var gone = new CancellationTokenSource();
        var write = new Nothing(gone.Token);
        _inbox.Add(write);
        gone.Cancel();

        _batch.Begin();

        Assert.Empty(_batch.Writes);
        Assert.True(write.Task.IsCanceled);
    }

    private Nothing[] Post(int count)
    {
        var writes = Enumerable.Range(0, count).Select(_ => new Nothing(CancellationToken.None)).ToArray();
        foreach (var write in writes)
            _inbox.Add(write);
        return writes;
    }

    /// <summary>A clock that moves on by 100 ns each time somebody looks, and lets something happen before one of the looks.</summary>
    private sealed class Looks : TimeProvider
    {
        public const long Second = TimeSpan.TicksPerSecond;

        private long _now;
        private long _happensAt = long.MaxValue;
        private Action _happens = () => { };

        public override long TimestampFrequency => Second;

        public void Before(int looks, Action happens) => (_happensAt, _happens) = (_now + looks, happens);

        public override long GetTimestamp()
        {
            if (++_now == _happensAt)
                _happens();
            return _now;
        }
    }

    private sealed class Nothing(CancellationToken cancellationToken, long bytes = 0) : StoreCommand<bool>(cancellationToken)
    {
        public override bool Refusable => false;

        public override long Bytes => bytes;

        protected override bool Run(WriteContext context) => true;
    }
}
