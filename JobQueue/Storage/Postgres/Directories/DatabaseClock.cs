namespace JobQueue.Storage.Postgres.Directories;

/// <summary>What the database's clock says about now, as far as can be told without asking. Thread-safe.</summary>
internal sealed class DatabaseClock(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long _milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
    private long _timestamp = time.GetTimestamp();

    /// <summary>In milliseconds since 1970.</summary>
    public long Now
    {
        get
        {
            lock (_lock)
                return _milliseconds + (long)time.GetElapsedTime(_timestamp).TotalMilliseconds;
        }
    }

    /// <summary>Notes what it said a moment ago.</summary>
    public void Note(long milliseconds)
    {
        lock (_lock)
            (_milliseconds, _timestamp) = (milliseconds, time.GetTimestamp());
    }
}
