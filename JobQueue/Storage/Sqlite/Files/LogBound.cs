namespace JobQueue.Storage.Sqlite.Files;

/// <summary>
/// How large the write-ahead log may become. It begins anew only in a moment in which nobody reads from it, so it grows beside
/// readers: short ones, which overlap, are waited for, and those of this program that are not short end when it is over the bound.
/// What other programs read cannot be ended; it is told. Thread-safe.
/// </summary>
/// <param name="maxBytes">The bound.</param>
/// <param name="time">Measures how long reads last.</param>
/// <param name="onMeasured">Called with the log's size at each checkpoint.</param>
internal sealed class LogBound(long maxBytes, TimeProvider time, Action<long> onMeasured)
{
    /// <summary>How long a read may last beside a log over the bound. Each looks at a bounded number of rows and is far quicker.</summary>
    public static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(5);

    private readonly long _maxBytes = maxBytes;
    private long _alarmAt = maxBytes;
    private volatile bool _isExceeded;

    /// <summary>The size from which the writer waits for readers, so that the log can begin anew.</summary>
    public long RestartAt => _maxBytes / 4;

    /// <summary>How long the writer waits for readers, each time the log should begin anew.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The same at the moment in which the log passes its bound.</summary>
    public TimeSpan PatienceAtBound { get; init; } = TimeSpan.FromSeconds(1);

    public bool IsExceeded => _isExceeded;

    /// <summary>The size at which the log is next worth a longer wait: the bound, and beyond it twice as much each time.</summary>
    public long WaitAt => Volatile.Read(ref _alarmAt);

    public long Now => time.GetTimestamp();

    /// <summary>Whether a read that began then has to end.</summary>
    public bool MustEnd(long began) => _isExceeded && time.GetElapsedTime(began) > ReadBudget;

    /// <summary>The log has this size now.</summary>
    /// <returns>Whether that is news: over the bound, or twice as much as last time.</returns>
    public bool Measure(long bytes)
    {
        onMeasured(bytes);
        if (bytes < _maxBytes)
            return false;
        _isExceeded = true;
        if (bytes < Volatile.Read(ref _alarmAt))
            return false;
        Volatile.Write(ref _alarmAt, bytes * 2);
        return true;
    }

    /// <summary>The log begins anew.</summary>
    public void Restarted()
    {
        onMeasured(0);
        _isExceeded = false;
        Volatile.Write(ref _alarmAt, _maxBytes);
    }
}
