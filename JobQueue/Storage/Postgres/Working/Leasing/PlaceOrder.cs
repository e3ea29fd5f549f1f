using JobQueue.Storage.Postgres.Writing.Rows;

namespace JobQueue.Storage.Postgres.Working.Leasing;

/// <summary>The order of ready jobs, whatever line they stand in.</summary>
internal sealed class PlaceOrder : IComparer<ReadyPlace>
{
    public static PlaceOrder Instance { get; } = new();

    public int Compare(ReadyPlace x, ReadyPlace y)
    {
        var order = x.Rank.CompareTo(y.Rank);
        if (order == 0)
            order = x.DueAt.CompareTo(y.DueAt);
        return order == 0 ? x.JobId.CompareTo(y.JobId) : order;
    }
}
