namespace JobQueue.Storage.Sqlite.Board;

/// <summary>The latest minute in which something happened in a lane, since 1970, and what did. 0 before anything has.</summary>
internal struct LatestMinute
{
    public int Minute;
    public MinuteCounters Counters;
}
