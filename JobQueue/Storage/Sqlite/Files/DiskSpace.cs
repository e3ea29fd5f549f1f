using JobQueue.Jobs.Store;

namespace JobQueue.Storage.Sqlite.Files;

/// <summary>Keeps new jobs out while the disk is nearly full, so that there is room to finish those that are in. Thread-safe.</summary>
internal sealed class DiskSpace(DatabaseFile database, int minFreeMegabytes, TimeProvider time)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private long _lookedAt;
    private volatile bool _nearlyFull;

    /// <exception cref="DiskFullException">Less than the configured space is free.</exception>
    public void ThrowIfNearlyFull()
    {
        var looked = Volatile.Read(ref _lookedAt);
        if (looked == 0 || time.GetElapsedTime(looked) > LookAgainAfter)
        {
            Volatile.Write(ref _lookedAt, time.GetTimestamp());
            _nearlyFull = new DriveInfo(database.Directory).AvailableFreeSpace < (long)minFreeMegabytes << 20;
        }

        if (_nearlyFull)
        {
            throw new DiskFullException(
                $"Less than {minFreeMegabytes} MB are free on the database's disk: new jobs are refused. Free some space, or lower Storage:MinFreeMegabytes.");
        }
    }
}
