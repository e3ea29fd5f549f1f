namespace JobQueue.Storage.Sqlite.Board;

/// <summary>How many of a lane's jobs are where. <see cref="Ready"/> is part of Pending, <see cref="Dead"/> of Failed.</summary>
internal struct LaneCounters
{
    public int Pending;
    public int Ready;
    public int Done;
    public int Failed;
    public int Dead;
}
