using System.Net.Sockets;
using JobQueue.Jobs.Store;
using Npgsql;

namespace JobQueue.Storage.Postgres.Connections;

/// <summary>What is to be done about an error of the database.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Raised by the schema's own function expect_rows: a row was not as it had been read.</summary>
    private const string RowsMismatch = "JQ001";

    /// <summary>Whether the connection, or the server behind it, is gone, or cannot serve at the moment: others would fail as well.</summary>
    public static bool IsGone(Exception exception) => exception switch
    {
        PostgresException { SqlState: { } state } => state.StartsWith("08", StringComparison.Ordinal)
            || state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.TooManyConnections or IdleInTransactionTimeout
                or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.DatabaseDropped,
        NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException => true,
        // A command on a connection that was found broken.
        InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };

    /// <summary>Whether the same transaction may well succeed when it is tried again.</summary>
    public static bool IsPassing(Exception exception) => exception is StaleReadException
        or PostgresException
    {
        SqlState: RowsMismatch or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
                or PostgresErrorCodes.QueryCanceled
    };

    /// <summary>Whether a lane that this process knows was forgotten by retention meanwhile.</summary>
    public static bool IsLaneGone(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation, TableName: "lane_counters" };

    /// <summary>What the caller hears.</summary>
    public static Exception Translate(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new DiskFullException(
            "The database's disk is full. Nothing of the call was stored; free some space on the database server and try again."),
        _ when IsGone(exception) => Unavailable(exception),
        _ when IsPassing(exception) => new StoreUnavailableException("The database is busy with other writes to the same rows. Nothing of the call was stored: try again.", exception),
        _ => exception,
    };

    public static StoreUnavailableException Unavailable(Exception? cause) => new(
        "The database cannot be reached at the moment. Try again; a submission with the same idempotency key, in case the last one was stored.", cause);
}
