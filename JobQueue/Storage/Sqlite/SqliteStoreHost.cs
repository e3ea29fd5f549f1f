using System.Security.Cryptography;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Leasing;
using JobQueue.Storage.Sqlite.Files;
using JobQueue.Storage.Sqlite.Files.Layer;
using JobQueue.Storage.Sqlite.Sql;
using JobQueue.Storage.Sqlite.Writer;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite;

/// <summary>
/// Opens the database and closes it: takes the lock, migrates, recovers what the predecessor left, starts the writer. The first
/// hosted service to start and the last to stop.
/// </summary>
internal sealed partial class SqliteStoreHost(
    DatabaseFile database,
    LogBound bound,
    IConfiguration configuration,
    IOptions<StorageOptions> storage,
    IOptions<RetriesOptions> retries,
    ICallbackBody callbackBody,
    JobFeed feed,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    StoreObserver observer,
    ILogger<SqliteStoreHost> logger,
    DatabaseTemplate? template = null) : IHostedService, IEventSource, IDisposable
{
    /// <summary>EX_IOERR of sysexits.h: the disk failed; a supervisor may restart the program.</summary>
    private const int ExitDiskFailed = 74;

    /// <summary>SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE.</summary>
    private const int NoCheckpointOnClose = 1006;

    private DatabaseLock? _lock;
    private SqliteConnection? _connection;
    private EventPublisher? _publisher;
    private Checkpointer? _checkpointer;
    private StoreWriter? _writer;
    private bool _closed;

    /// <summary>Its key lives as long as the process, as the stream does.</summary>
    public EventIds Ids { get; } = new(RandomNumberGenerator.GetBytes(EventIds.KeyBytes));

    public EventPosition Begins => EventPosition.Start;

    public bool KeepsEvents => false;

    public DiskSpace Disk { get; } = new(database, storage.Value.MinFreeMegabytes, time);

    public StoreWriter Writer => _writer ?? throw new StoreStoppedException();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _writer = await OpenAsync(cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.Refusal(database, exception) is { } refusal)
        {
            throw refusal;
        }

        _writer.Start();
        var recovery = new RecoverCommand();
        _writer.Post(recovery);
        var recovered = await recovery.Task;
        if (recovered > 0)
            LogRecovered(logger, recovered);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Close();
        return Task.CompletedTask;
    }

    public async Task WhenToldAsync(CancellationToken cancellationToken)
    {
        if (_writer is null || _publisher is null)
            return;
        // A write is answered before its events are handed to the publisher: once a later one is answered, they are there.
        var later = new NothingCommand();
        _writer.Post(later);
        try
        {
            await later.Task.WaitAsync(cancellationToken);
        }
        catch (StoreStoppedException)
        {
            // A broken store has told its last event before it said so.
        }

        await _publisher.WhenToldAsync().WaitAsync(cancellationToken);
    }

    public ValueTask<EventsRead?> ReadAsync(
        EventPosition after, EventPosition upTo, EventFilter filter, CancellationToken cancellationToken) => default;

    public void Dispose()
    {
        Close();
        Ids.Dispose();
    }

    private async Task<StoreWriter> OpenAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(database.Directory);
        _lock = DatabaseLock.Take(database);
        // Whoever owns the database by another name is not to be disturbed by a look at it.
        _lock.TakeFile();
        DatabaseInspection.Run(database);
        if (template is not null && File.Exists(template.Path) && !File.Exists(database.Path))
            await SampleDatabase.CopyAsync(template.Path, database.Path, time.GetUtcNow(), cancellationToken);
        CreateOwnerOnly();
        _lock.TakeFile();
        var connectionString = database.Resolve(configuration.GetConnectionString("JobQueue")!);
        _connection = SqliteConnections.OpenForWriting(
            connectionString, storage.Value.Synchronous, storage.Value.GatherWrites ? GatheringVfs.Name : null);
        LogOwner.Sign(_connection);
        await MigrateAsync(_connection, cancellationToken);
        // From here on the log is written by commits alone, which succeed or fail whole. Transactions are small.
        SqliteConnections.Run(_connection, "PRAGMA cache_spill = OFF");
        SqliteConnections.Run(_connection, SqlText.Load("recount_lanes"));
        _checkpointer = new Checkpointer(
            SqliteConnections.OpenForWriting(connectionString, "Normal"), bound, logger, exception => _writer?.Break(exception));
        _publisher = new EventPublisher(new SoleStream(feed).Tell);
        return new StoreWriter(
            _connection, retries.Value.ToPolicy(), callbackBody, _publisher, _checkpointer, time, logger, observer.Committed, DiskFailed);
    }

    private void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _writer?.Stop();
        _publisher?.Dispose();
        _checkpointer?.Dispose();
        _writer?.Dispose();
        // The last connection to close moves the whole write-ahead log into the database; but what the disk may have lost is still
        // in the log of a broken store.
        SqliteConnection.ClearAllPools();
        if (_connection is not null && _writer is { IsBroken: true })
            _ = raw.sqlite3_db_config(_connection.Handle, NoCheckpointOnClose, 1, out _);
        _connection?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>The file's mode is set when it is made: later there would be a moment in which others could open it.</summary>
    private void CreateOwnerOnly()
    {
        if (OperatingSystem.IsWindows() || File.Exists(database.Path))
            return;
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        new FileStream(database.Path, options).Dispose();
    }

    private static async Task MigrateAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        // EF Core's own lock row outlives a process that is killed while it migrates, and would be waited for for ever. We hold
        // the operating system's lock, so nobody else migrates.
        SqliteConnections.Run(connection, "DROP TABLE IF EXISTS __EFMigrationsLock");
        await using var db = new SqliteDb(new DbContextOptionsBuilder<SqliteDb>().UseSqlite(connection).Options);
        await db.Database.MigrateAsync(cancellationToken);
    }

    private void DiskFailed(Exception exception)
    {
        LogDiskFailed(logger, exception, database.Path);
        Environment.ExitCode = ExitDiskFailed;
        lifetime.StopApplication();
    }

    [LoggerMessage(2010, LogLevel.Warning, "{Count} jobs were running when the last server process ended; each is ready again, a crash counted")]
    private static partial void LogRecovered(ILogger logger, int count);

    [LoggerMessage(2011, LogLevel.Critical, "The database {Path} can no longer be trusted to store what it says; the server stops. Check the disk and start again")]
    private static partial void LogDiskFailed(ILogger logger, Exception exception, string path);
}
