using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>Where a ready job stands in its lane: the better comes first.</summary>
internal readonly record struct ReadyKey(int Rank, long DueAt, JobId JobId) : IComparable<ReadyKey>
{
    public int CompareTo(ReadyKey other)
    {
        var order = Rank.CompareTo(other.Rank);
        if (order == 0)
            order = DueAt.CompareTo(other.DueAt);
        return order == 0 ? JobId.CompareTo(other.JobId) : order;
    }
}
