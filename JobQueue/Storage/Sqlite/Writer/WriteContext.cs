using System.Security.Cryptography;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>What commands work with while the writer's transaction is open. Belongs to the writer's thread.</summary>
internal sealed class WriteContext(SqliteConnection connection, HotStatements sql, TimeProvider time, RetryPolicy retries, ICallbackBody callbackBody)
{
    /// <summary>The two clocks are read one after the other, and adjusted by little: that is no setting.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMilliseconds(250);

    private const int MaxSetAside = 500;

    private readonly byte[] _random = new byte[4096];
    private int _randomUsed = 4096;
    private int _setAside;

    public SqliteConnection Connection { get; } = connection;
    public HotStatements Sql { get; } = sql;
    public TimeProvider Time { get; } = time;
    public RetryPolicy Retries { get; } = retries;
    public ICallbackBody CallbackBody { get; } = callbackBody;

    /// <summary>Replaced after a rollback.</summary>
    public LaneBoard Board { get; set; } = BoardLoader.Load(sql, time, null);

    /// <summary>Whether the writer's transaction is open. An error of the disk may have made SQLite roll it back by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Connection.Handle) == 0;

    public RecentJobs Recent { get; } = new();

    public JobIdSource Ids { get; } = new(LastId(sql));

    /// <summary>The moment of the commands being applied, to the millisecond.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The same moment on the clock that does not jump.</summary>
    public long Timestamp { get; private set; }

    /// <summary>The same moment as a length of time.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(0, Timestamp);

    /// <summary>By how much the wall clock was set since the times that are told by it were last set with it; null when it was not.</summary>
    public TimeSpan? ClockSetBy =>
        Board.ClocksApartNext is { } before && (Apart - before).Duration() >= ClockTolerance ? Apart - before : null;

    /// <summary>What will have happened once this transaction is on disk.</summary>
    public List<JobEvent> Events { get; } = [];

    /// <summary>Lanes of which this transaction, having set aside enough jobs, has more to look at.</summary>
    public List<Lane> LeftOver { get; } = [];

    /// <summary>When the first scheduled job is due; null when it has to be read again.</summary>
    public long? NextDue { get; set; }

    public long NowMilliseconds => Now.ToUnixTimeMilliseconds();

    /// <summary>Looks at the clock: before each set of commands.</summary>
    public void Refresh()
    {
        Now = DateTimeOffset.FromUnixTimeMilliseconds(Time.GetUtcNow().ToUnixTimeMilliseconds());
        Timestamp = Time.GetTimestamp();
    }

    /// <summary>Another transaction begins.</summary>
    public void Begin()
    {
        _setAside = 0;
        LeftOver.Clear();
    }

    /// <summary>Whether one more job may be set aside: a flood of them must not hold up the others. If not, its lane is passed over.</summary>
    public bool MaySetAside(Lane lane)
    {
        if (_setAside++ < MaxSetAside)
            return true;
        lane.IsPassedOver = true;
        LeftOver.Add(lane);
        return false;
    }

    /// <summary>The times that are told by the wall clock were set with it.</summary>
    public void ClockFollowed() => Board.ClocksApartNext = Apart;

    /// <summary>The transaction was rolled back: what it left in memory is void.</summary>
    public void Undo()
    {
        Events.Clear();
        Recent.Clear();
        NextDue = null;
        LeftOver.Clear();
    }

    /// <summary>63 random bits that nobody can guess.</summary>
    public long RandomBits()
    {
        if (_randomUsed == _random.Length)
        {
            RandomNumberGenerator.Fill(_random);
            _randomUsed = 0;
        }

        var bits = BitConverter.ToInt64(_random, _randomUsed) & long.MaxValue;
        _randomUsed += sizeof(long);
        return bits;
    }

    /// <summary>Evenly spread in [0, 1).</summary>
    public double RandomUnit() => (RandomBits() >> 10) * (1.0 / (1L << 53));

    private TimeSpan Apart => Now - DateTimeOffset.UnixEpoch - Elapsed;

    private static JobId LastId(HotStatements sql)
    {
        var rows = sql.LastJob;
        if (!rows.Step())
            return default;
        var id = rows.Id(0);
        rows.Reset();
        return id;
    }
}
