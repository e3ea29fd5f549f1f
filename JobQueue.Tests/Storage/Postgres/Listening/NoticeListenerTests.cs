using System.Threading.Channels;
using JobQueue.Jobs.Leases;
using JobQueue.Storage;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Listening;
using JobQueue.Tests.Support.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace JobQueue.Tests.Storage.Postgres.Listening;

public sealed class NoticeListenerTests : IAsyncLifetime
{
    private readonly Channel<Notice?> _heard = Channel.CreateUnbounded<Notice?>();
    private PostgresCluster _cluster = null!;
    private string _database = null!;
    private PostgresConnections _connections = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_cluster, _database) = await PostgresOfTests.CreateDatabaseAsync(Cancellation);
        _connections = new PostgresConnections(_cluster.ConnectionString(_database, PostgresOfTests.Owner));
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    [Fact]
    public async Task Notices_of_other_processes_are_heard_in_order_and_ones_own_are_not()
    {
        await using var listener = await StartAsync(_connections);

        await SayAsync("other", Notice.OfConfiguration with { Lines = new HashSet<int> { 1, -2 } });
        await SayAsync(listener.Self, Notice.OfConfiguration);
        await SayAsync("other", Notice.OfConfiguration with { DueAt = 5 });
        await SayAsync("other", null);

        Assert.Equal([-2, 1], (await HeardAsync())!.Lines.Order());
        Assert.Equal(5, (await HeardAsync())!.DueAt);
        Assert.Null(await HeardAsync());
    }

    [Fact]
    public async Task Listener_whose_connection_is_ended_listens_again_and_says_first_that_something_may_have_been_missed()
    {
        await using var listener = await StartAsync(_connections);

        for (var round = 0; round < 3; round++)
        {
            await _cluster.RunAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}' AND query SIMILAR TO '(LISTEN|SELECT pg_backend_pid)%'",
                Cancellation);

            Assert.Null(await HeardAsync());
            await SayAsync("other", Notice.OfConfiguration);
            Assert.True((await HeardAsync())!.Configuration);
        }
    }

    [Fact]
    public async Task One_who_cannot_heed_a_notice_hurts_nobody_else()
    {
        await using var listener = new NoticeListener(_connections, ServerProcess.New(), NullLogger<NoticeListener>.Instance);
        using var broken = listener.Subscribe(_ => throw new InvalidOperationException("A defect."));
        using var hearing = listener.Subscribe(notice => _heard.Writer.TryWrite(notice));
        await listener.StartAsync(Cancellation);

        Assert.Null(await HeardAsync());
        await SayAsync("other", Notice.OfConfiguration);
        Assert.NotNull(await HeardAsync());
    }

    [Fact]
    public async Task Pooler_that_lends_connections_for_transactions_is_refused_in_one_line_that_says_why()
    {
        await using var pooler = await Pgbouncer.StartAsync(_cluster, PostgresOfTests.Owner, "transaction");
        await using var connections = new PostgresConnections(pooler.ConnectionString(_database));

        var refused = await Assert.ThrowsAsync<DatabaseRefusedException>(() => StartAsync(connections));

        Assert.Contains("pool_mode = session", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Pooler_that_lends_connections_for_sessions_will_do()
    {
        await using var pooler = await Pgbouncer.StartAsync(_cluster, PostgresOfTests.Owner, "session");
        await using var connections = new PostgresConnections(pooler.ConnectionString(_database));
        await using var listener = await StartAsync(connections);

        await SayAsync("other", Notice.OfConfiguration);

        Assert.True((await HeardAsync())!.Configuration);
    }

    /// <summary>Starts to listen, and hears that everything is to be looked at.</summary>
    private async Task<NoticeListener> StartAsync(PostgresConnections connections)
    {
        var listener = new NoticeListener(connections, ServerProcess.New(), NullLogger<NoticeListener>.Instance);
        listener.Subscribe(notice => _heard.Writer.TryWrite(notice));
        await listener.StartAsync(Cancellation);
        Assert.Null(await HeardAsync());
        return listener;
    }

    private async Task<Notice?> HeardAsync() => await _heard.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

    private async Task SayAsync(string sender, Notice? notice)
    {
        await using var connection = await _connections.Pool.OpenConnectionAsync(Cancellation);
        await new RoundTrip(connection).Read("notify", static _ => { }, Sent.Value(notice?.ToText(sender) ?? $"{sender} *")).RunAsync(Cancellation);
    }
}
