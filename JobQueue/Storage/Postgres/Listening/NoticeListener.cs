using System.Collections.Immutable;
using JobQueue.Jobs.Leases;
using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Listening;

/// <summary>
/// Hears what the other processes tell, on a connection of its own that is never in a transaction. After each new connection it says
/// that everything is to be looked at, for what was said meanwhile is lost. Thread-safe.
/// </summary>
internal sealed partial class NoticeListener(PostgresConnections connections, ServerProcess process, ILogger<NoticeListener> logger) : IAsyncDisposable
{
    /// <summary>A peer that falls silent is noticed by this alone: a connection that only waits would wait for ever.</summary>
    private const int KeepAliveSeconds = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopped = new();
    private ImmutableArray<Hearer> _hearers = [];
    private Task _running = Task.CompletedTask;
    private bool _closed;

    /// <summary>Who this process is in what it tells. It does not hear itself.</summary>
    public string Self => process.Name;

    /// <summary>Calls for each notice of another process, until the subscription is disposed, on the listener's thread.</summary>
    /// <param name="onNotice">Gets nothing when something may have been missed: everything is to be looked at.</param>
    public IDisposable Subscribe(Action<Notice?> onNotice)
    {
        var hearer = new Hearer(this, onNotice);
        ImmutableInterlocked.Update(ref _hearers, static (all, added) => all.Add(added), hearer);
        return hearer;
    }

    /// <exception cref="DatabaseRefusedException">What is told does not come.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken);
        try
        {
            await NotificationCheck.RunAsync(connection, connections, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        _running = Task.Run(() => RunAsync(connection), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;
        _closed = true;
        await _stopped.CancelAsync();
        await _running;
        _stopped.Dispose();
    }

    private async Task RunAsync(NpgsqlConnection? connection)
    {
        var (stopping, pause) = (_stopped.Token, FirstPause);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                connection ??= await OpenAsync(stopping);
                await using (connection)
                {
                    connection.Notification += Hear;
                    Tell(null);
                    if (pause > FirstPause)
                        LogBack(logger);
                    pause = FirstPause;
                    while (true)
                        await connection.WaitAsync(stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                if (pause == FirstPause)
                    LogLost(logger, exception);
                await Task.WhenAny(Task.Delay(pause, TimeProvider.System, stopping));
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            connection = null;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await connections.OpenAsync(cancellationToken, static settings => settings.KeepAlive = KeepAliveSeconds);
        try
        {
            await using var command = new NpgsqlCommand($"LISTEN {Notice.Channel}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private void Hear(object sender, NpgsqlNotificationEventArgs notification)
    {
        if (NotificationCheck.IsOne(notification.Payload))
            return;
        var (from, notice) = Notice.Read(notification.Payload);
        if (from != Self)
            Tell(notice);
    }

    private void Tell(Notice? notice)
    {
        foreach (var hearer in _hearers)
        {
            try
            {
                hearer.OnNotice(notice);
            }
            catch (Exception exception)
            {
                LogFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(2035, LogLevel.Warning, "What other processes tell is not heard at the moment; the connection is opened again")]
    private static partial void LogLost(ILogger logger, Exception exception);

    [LoggerMessage(2036, LogLevel.Information, "What other processes tell is heard again")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(2037, LogLevel.Error, "What another process told could not be heeded")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    private sealed class Hearer(NoticeListener listener, Action<Notice?> onNotice) : IDisposable
    {
        public Action<Notice?> OnNotice => onNotice;

        public void Dispose() =>
            ImmutableInterlocked.Update(ref listener._hearers, static (all, removed) => all.Remove(removed), this);
    }
}
