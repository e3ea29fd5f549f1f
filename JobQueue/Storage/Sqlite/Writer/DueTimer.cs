using JobQueue.Storage.Sqlite.Sql;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>Tells when the next scheduled job is due. Armed on the writer's thread.</summary>
internal sealed class DueTimer : IDisposable
{
    private readonly WriteContext _context;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    /// <param name="context">The writer's.</param>
    /// <param name="onDue">Called on a thread of the timer's.</param>
    public DueTimer(WriteContext context, Action onDue)
    {
        _context = context;
        _timer = context.Time.CreateTimer(
            _ =>
            {
                Interlocked.Exchange(ref _armedFor, 0);
                onDue();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>To be called between transactions, when what is scheduled may have changed.</summary>
    public void Arm()
    {
        var due = _context.NextDue ??= Read(_context.Sql);
        if (Interlocked.Exchange(ref _armedFor, due) == due)
            return;
        var now = _context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        // Timers take 49 days at most; one that comes too early does no harm.
        var wait = due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Clamp(due - now, 0, int.MaxValue));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private static long Read(HotStatements sql)
    {
        var rows = sql.NextDue;
        if (!rows.Step())
            return long.MaxValue;
        var due = rows.Int64(0);
        rows.Reset();
        return due;
    }
}
