namespace JobQueue.Storage.Sqlite.Board;

/// <summary>What happened in a lane in some time.</summary>
internal struct MinuteCounters
{
    public int Submitted;
    public int Done;
    public int Failed;
    public int Retried;
    public int Started;
    public long WaitMilliseconds;
    public long RunMilliseconds;

    public void Add(in MinuteCounters other)
    {
        Submitted += other.Submitted;
        Done += other.Done;
        Failed += other.Failed;
        Retried += other.Retried;
        Started += other.Started;
        WaitMilliseconds += other.WaitMilliseconds;
        RunMilliseconds += other.RunMilliseconds;
    }
}
