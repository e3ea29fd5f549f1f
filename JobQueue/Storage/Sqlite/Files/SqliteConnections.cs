using System.Data.Common;
using JobQueue.Storage.Queries;
using JobQueue.Storage.Sqlite.Files.Layer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>How connections to the database are set up.</summary>
internal static class SqliteConnections
{
    /// <summary>Milliseconds that a connection waits for a lock of another program.</summary>
    public const int BusyTimeout = 5000;

    /// <summary>After so many of SQLite's steps, some milliseconds, a read asks whether it has to end.</summary>
    private const int StepsBetween = 100_000;

    private const int ConfigMultithread = 2;
    private const int ConfigMemStatus = 9;

    private static readonly Lazy<int> Configured = new(ConfigureOnce);

    /// <summary>
    /// Turns off what SQLite does for connections that several threads share, and its count of memory: no connection here is
    /// used by two threads at once. To be called before the first connection of the process; a second call does nothing.
    /// </summary>
    /// <remarks>Measured under <c>bench --only store</c>: 7 % of the writer's time. The functions of <see cref="SqliteNative"/> count on it: they wait for no mutex.</remarks>
    /// <exception cref="InvalidOperationException">SQLite was in use already.</exception>
    public static void Configure()
    {
        if (Configured.Value != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite was used before it was configured: error {Configured.Value}.");
        GatheringVfs.Register();
    }

    /// <summary>The writer's and the checkpointer's: not pooled, since each lives as long as the process.</summary>
    /// <param name="connectionString">The configured one.</param>
    /// <param name="synchronous">SQLite's own word: <c>Full</c> or <c>Normal</c>.</param>
    /// <param name="vfs">The file layer: <see cref="GatheringVfs.Name"/> for a connection that commits often, or SQLite's own.</param>
    public static SqliteConnection OpenForWriting(string connectionString, string synchronous, string? vfs = null)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(connectionString) { Pooling = false, Vfs = vfs }.ToString());
        connection.Open();
        // Checkpoints are the checkpointer's work. 8 MB of cache hold the pages that are written again and again, whatever the
        // number of jobs. A larger one is walked through at each commit that splits a page (SQLite gives the page a number beyond
        // the end meanwhile): 64 MB took a fifth of the writer's time.
        Run(connection, $"""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {synchronous};
            PRAGMA busy_timeout = {BusyTimeout};
            PRAGMA foreign_keys = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA cache_size = -8192;
            PRAGMA temp_store = MEMORY;
            PRAGMA journal_size_limit = 67108864;
            """);
        return connection;
    }

    /// <summary>What queries ask for that SQLite does not know.</summary>
    public static void AddFunctions(SqliteConnection connection) =>
        connection.CreateFunction<string?, string, bool>(TextSearch.Function, TextSearch.Contains, isDeterministic: true);

    public static void Run(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static int ConfigureOnce()
    {
        Batteries_V2.Init();
        var result = raw.sqlite3_config(ConfigMultithread);
        return result == raw.SQLITE_OK ? raw.sqlite3_config(ConfigMemStatus, 0) : result;
    }

    /// <summary>
    /// Makes the connections that EF Core opens read-only, since nothing but the writer writes, and lets no read last while the
    /// log is over its bound.
    /// </summary>
    internal sealed class ReadOnly(LogBound bound) : DbConnectionInterceptor
    {
        private static readonly string Pragmas = $"PRAGMA busy_timeout = {BusyTimeout}; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Prepare(connection);

        public override Task ConnectionOpenedAsync(
            DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Prepare(connection);
            return Task.CompletedTask;
        }

        private void Prepare(DbConnection connection)
        {
            Run(connection, Pragmas);
            AddFunctions((SqliteConnection)connection);
            var began = bound.Now;
            raw.sqlite3_progress_handler(((SqliteConnection)connection).Handle, StepsBetween, _ => bound.MustEnd(began) ? 1 : 0, null);
        }
    }
}
