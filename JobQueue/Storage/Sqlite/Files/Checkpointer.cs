using JobQueue.Storage.Sqlite.Files.Layer;
using JobQueue.Storage.Sqlite.Writer;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// Moves committed pages from the write-ahead log into the database on a connection and a thread of its own, so that no
/// submission waits for it (measured on two cores by <c>bench --only store</c>: the worst latency falls from 31–35 ms to 8–9 ms).
/// Afterwards the writer itself does the small rest between two batches, which lets the log start over instead of growing; when
/// readers prevent that again and again, it waits for them, and for the thread when the disk is slower than the writer.
/// </summary>
internal sealed partial class Checkpointer : IDisposable
{
    private const int PagesBetween = 2000;
    private const int MaxPasses = 3;

    /// <summary>Pages that the writer moves by itself.</summary>
    private const int SmallRest = 64;

    private const int FrameBytes = 4096 + 24;
    private const int DbStatusCacheWrite = 9;
    private const int PrimaryCode = 0xff;

    /// <summary>How often an idle store looks whether those who keep a large log from beginning anew are gone.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly AutoResetEvent _wake = new(false);

    /// <summary>Held by who moves pages while the log is large: SQLite lets one do so at a time and does not let the other wait.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private readonly SqliteConnection _connection;
    private readonly LogBound _bound;
    private readonly ILogger _logger;
    private readonly Action<Exception> _onFatal;
    private readonly Thread _thread;
    private int _pages;
    private long _logged;
    private volatile bool _restDue;
    private volatile bool _stopping;

    /// <param name="connection">Its own; closed by <see cref="Dispose"/>.</param>
    /// <param name="bound">Of the log.</param>
    /// <param name="logger">For failures, which the next turn repeats.</param>
    /// <param name="onFatal">Called when the disk failed or the database is damaged: the system tells of it once, so a next turn would seem to succeed.</param>
    public Checkpointer(SqliteConnection connection, LogBound bound, ILogger logger, Action<Exception> onFatal)
    {
        (_connection, _bound, _logger, _onFatal) = (connection, bound, logger, onFatal);
        _thread = new Thread(Run) { Name = "checkpointer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer after each commit, on its thread.</summary>
    public void Committed(SqliteConnection writer)
    {
        _ = raw.sqlite3_db_status(writer.Handle, DbStatusCacheWrite, out var written, out _, 1);
        _pages += written;
        _logged += (long)written * FrameBytes;
        if (_logged >= _bound.WaitAt && _turn.Wait(_bound.PatienceAtBound))
        {
            // The disk was slower than the writer.
            try
            {
                Rest(writer);
            }
            finally
            {
                _turn.Release();
            }
        }
        else if (_restDue)
        {
            Rest(writer);
        }

        if (_pages < PagesBetween)
            return;
        _pages = 0;
        _wake.Set();
    }

    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _connection.Dispose();
        _wake.Dispose();
        _turn.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _ = _wake.WaitOne(_bound.IsExceeded ? LookAgainAfter : Timeout.InfiniteTimeSpan);
            if (_stopping)
                return;

            _turn.Wait();
            try
            {
                MovePages();
            }
            finally
            {
                _turn.Release();
            }

            _restDue = true;
        }
    }

    private void MovePages()
    {
        // What came in during the first pass is moved in a second one, so that little is left for the writer.
        var left = Checkpoint(_connection, out _);
        for (var pass = 1; pass < MaxPasses && left > SmallRest; pass++)
            left = Checkpoint(_connection, out _);

        // The writer's pass flushes what was moved: now, so that there is little to flush then.
        Check(GatheringVfs.FlushDatabase(_connection), _connection);
        if (_bound.IsExceeded && TryRestart(_connection, patience: TimeSpan.Zero))
            Restarted();
    }

    /// <summary>Moves what is left, so that the log begins anew with the next write, and keeps the log's bound.</summary>
    private void Rest(SqliteConnection writer)
    {
        _restDue = false;
        _ = Checkpoint(writer, out var logged);
        // The thread is at it again: it asks for another rest afterwards.
        if (logged < 0)
            return;
        _logged = (long)logged * FrameBytes;
        var isNews = _bound.Measure(_logged);
        if (_logged < _bound.RestartAt)
            return;
        if (TryRestart(writer, isNews ? _bound.PatienceAtBound : _bound.Patience))
        {
            _logged = 0;
            Restarted();
        }
        else if (isNews)
        {
            LogGrows(_logger, _logged >> 20);
        }

        if (isNews)
            _wake.Set();
    }

    /// <summary>Lets the log begin anew with the next write, if those who read from it end in time.</summary>
    private bool TryRestart(SqliteConnection connection, TimeSpan patience)
    {
        var mode = _bound.IsExceeded ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_RESTART;
        _ = raw.sqlite3_busy_timeout(connection.Handle, (int)patience.TotalMilliseconds);
        var result = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", mode, out _, out _);
        _ = raw.sqlite3_busy_timeout(connection.Handle, SqliteConnections.BusyTimeout);
        Check(result, connection);
        return result == raw.SQLITE_OK;
    }

    private void Restarted()
    {
        if (_bound.IsExceeded)
            LogShrank(_logger);
        _bound.Restarted();
    }

    /// <returns>The pages left in the log.</returns>
    private int Checkpoint(SqliteConnection connection, out int logged)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(
            connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out logged, out var moved);
        Check(result, connection);
        return logged - moved;
    }

    private void Check(int result, SqliteConnection connection)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_BUSY)
            return;
        var code = result & PrimaryCode;
        if (WriteErrors.IsFatal(code))
            _onFatal(new SqliteException(raw.sqlite3_errmsg(connection.Handle).utf8_to_string(), code, result));
        else
            LogCheckpointFailed(_logger, result);
    }

    [LoggerMessage(2007, LogLevel.Warning, "The write-ahead log has grown to {Megabytes} MB: something that reads the database without an end keeps it from beginning anew, such as a database shell or a backup. It grows until that has ended")]
    private static partial void LogGrows(ILogger logger, long megabytes);

    [LoggerMessage(2008, LogLevel.Information, "The write-ahead log begins anew")]
    private static partial void LogShrank(ILogger logger);

    [LoggerMessage(2003, LogLevel.Warning, "A checkpoint failed with SQLite's error {Code}; the next one is due soon")]
    private static partial void LogCheckpointFailed(ILogger logger, int code);
}
