using JobQueue.Storage.Sqlite.Sql;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>
/// The ready jobs of one lane: those in its table, read a few at a time, and those that the transaction under way has added.
/// The table is brought up to date once, at the end of the transaction, so a job that comes in and is leased at once never
/// touches it, and the jobs leased from it leave it in one statement. Belongs to the writer's thread.
/// </summary>
/// <param name="laneId">The lane's id.</param>
/// <param name="inTable">How many the table holds.</param>
internal sealed class ReadyJobs(int laneId, int inTable)
{
    private const int FirstRead = 4;
    private const int LargestRead = 64;

    // The first of those in the table, as far as they have been read. Only this class writes the table, so they stay valid.
    private readonly Queue<ReadyKey> _read = new();
    private readonly List<ReadyKey> _added = [];
    private int _inTable = inTable;
    private int _readSize = FirstRead;
    private ReadyKey _lastRead;
    private ReadyKey _lastTaken;
    private int _taken;
    private int _nextAdded;
    private bool _unsorted;

    public void Add(ReadyKey key)
    {
        _unsorted |= _added.Count > _nextAdded && key.CompareTo(_added[^1]) < 0;
        _added.Add(key);
    }

    /// <summary>Takes out a job that need not be the first. False when it is not here.</summary>
    public bool Remove(HotStatements sql, ReadyKey key)
    {
        if (_added.IndexOf(key, _nextAdded) is var index and >= 0)
        {
            _added.RemoveAt(index);
            return true;
        }

        if (sql.DeleteReady.Bind(laneId).Bind(key.Rank).Bind(key.DueAt).Bind(key.JobId).Run() != 1)
            return false;
        _inTable--;
        if (_read.Count > 0 && key.CompareTo(_lastRead) <= 0)
            _read.Clear();
        return true;
    }

    /// <summary>The first job. There must be one.</summary>
    public ReadyKey First(HotStatements sql)
    {
        if (_unsorted)
        {
            _added.Sort(_nextAdded, _added.Count - _nextAdded, null);
            _unsorted = false;
        }

        if (_read.Count == 0 && _inTable > 0)
            Read(sql);
        if (_nextAdded == _added.Count)
            return _read.Peek();
        var added = _added[_nextAdded];
        return _read.TryPeek(out var stored) && stored.CompareTo(added) < 0 ? stored : added;
    }

    /// <summary>Takes out the job that <see cref="First"/> gave.</summary>
    public void Take(ReadyKey first)
    {
        if (_nextAdded < _added.Count && _added[_nextAdded] == first)
        {
            _nextAdded++;
            return;
        }

        _lastTaken = _read.Dequeue();
        _taken++;
        _inTable--;
    }

    /// <summary>Brings the table up to date.</summary>
    public void Write(HotStatements sql)
    {
        DeleteTaken(sql);
        for (; _nextAdded < _added.Count; _nextAdded++)
        {
            var key = _added[_nextAdded];
            sql.InsertReady.Bind(laneId).Bind(key.Rank).Bind(key.DueAt).Bind(key.JobId).Run();
            _inTable++;
            if (_read.Count > 0 && key.CompareTo(_lastRead) < 0)
                _read.Clear();
        }

        _added.Clear();
        _nextAdded = 0;
        _unsorted = false;
    }

    /// <summary>
    /// Few at first and more each time, so that a lane that gives one job of a hundred costs little and one that gives all of
    /// them is not read job by job.
    /// </summary>
    private void Read(HotStatements sql)
    {
        DeleteTaken(sql);
        for (var rows = sql.PeekReady.Bind(laneId).Bind(_readSize); rows.Step();)
        {
            _lastRead = new ReadyKey(rows.Int32(0), rows.Int64(1), rows.Id(2));
            _read.Enqueue(_lastRead);
        }

        if (_read.Count < Math.Min(_readSize, _inTable))
            throw new BoardMismatchException($"Lane {laneId} counts {_inTable} ready jobs and has {_read.Count}.");
        _readSize = Math.Min(_readSize * 4, LargestRead);
    }

    private void DeleteTaken(HotStatements sql)
    {
        if (_taken == 0)
            return;
        // One is found faster by its key.
        var statement = _taken == 1 ? sql.DeleteReady : sql.DeleteTaken;
        var deleted = statement.Bind(laneId).Bind(_lastTaken.Rank).Bind(_lastTaken.DueAt).Bind(_lastTaken.JobId).Run();
        if (deleted != _taken)
            throw new BoardMismatchException($"Lane {laneId} had {deleted} ready jobs where {_taken} were leased.");
        _taken = 0;
    }
}
