using JobQueue.Storage.Postgres.Connections;
using Npgsql;

namespace JobQueue.Storage.Postgres.Listening;

/// <summary>
/// Finds out at the start whether what processes tell each other comes through. A pooler that lends its connections for single
/// transactions takes LISTEN without a word, and nothing ever comes; it mixes up prepared statements besides.
/// </summary>
internal static class NotificationCheck
{
    private const string Prefix = "? ";

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    /// <summary>Whether it is a process that tries out whether it hears itself.</summary>
    public static bool IsOne(string payload) => payload.StartsWith(Prefix, StringComparison.Ordinal);

    /// <param name="listening">Has asked to be told.</param>
    /// <exception cref="DatabaseRefusedException">Nothing comes.</exception>
    public static async Task RunAsync(NpgsqlConnection listening, PostgresConnections connections, CancellationToken cancellationToken)
    {
        var (sent, came, pid) = ($"{Prefix}{Guid.NewGuid():N}", false, 0);
        // Asked now: a wait that is broken off may take the connection with it.
        var own = listening.ProcessID;
        listening.Notification += Hear;
        await new RoundTrip(listening).Read("backend_pid", row => pid = row.GetInt32(0)).RunAsync(cancellationToken);
        // From another connection: through a pooler this one would be lent the server's for as long as it says something.
        await using (var other = await connections.OpenAsync(cancellationToken))
            await new RoundTrip(other).Read("notify", static _ => { }, Sent.Value(sent)).RunAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Within);
        try
        {
            while (!came)
                await listening.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseRefusedException(connections.Shown, Why(pooled: pid != own));
        }
        finally
        {
            listening.Notification -= Hear;
        }

        void Hear(object sender, NpgsqlNotificationEventArgs notification) => came |= notification.Payload == sent;
    }

    private static string Why(bool pooled) => pooled
        ? "a pooler stands before it that lends connections for single transactions, so that processes do not hear each other. "
            + "Connect to PostgreSQL itself, or let the pooler lend connections for whole sessions (pool_mode = session)."
        : FormattableString.Invariant($"a notification that this process sent to itself did not come within {Within.TotalSeconds} seconds.");
}
