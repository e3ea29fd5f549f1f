using JobQueue.Jobs.Events;

namespace JobQueue.Storage.Postgres.Writing;

/// <summary>
/// Tells what this process's writers committed in an order in which what saw a commit comes after it: a batch waits for the commits that
/// were under way when it ended, since one of them may be what it saw. Thread-safe.
/// </summary>
/// <param name="tell">Called with one batch after the other.</param>
internal sealed class CommitOrder(Action<IReadOnlyList<JobEvent>> tell)
{
    private readonly Lock _lock = new();
    private readonly HashSet<object> _underWay = [];
    private readonly List<Ended> _ended = [];

    /// <summary>A commit is about to be sent.</summary>
    /// <returns>To be handed to <see cref="End"/>, whatever becomes of it.</returns>
    public object Begin()
    {
        var commit = new object();
        lock (_lock)
            _underWay.Add(commit);
        return commit;
    }

    /// <param name="order">Drawn in its transaction.</param>
    /// <param name="events">Nothing when it was not committed.</param>
    public void End(object commit, long order, IReadOnlyList<JobEvent> events)
    {
        lock (_lock)
        {
            _underWay.Remove(commit);
            foreach (var ended in _ended)
                ended.WaitsFor.Remove(commit);
            if (events.Count > 0)
                _ended.Add(new Ended(order, events, [.. _underWay]));
            var ready = _ended.FindAll(static ended => ended.WaitsFor.Count == 0);
            _ended.RemoveAll(static ended => ended.WaitsFor.Count == 0);
            foreach (var ended in ready.OrderBy(static ended => ended.Order))
                tell(ended.Events);
        }
    }

    private sealed record Ended(long Order, IReadOnlyList<JobEvent> Events, HashSet<object> WaitsFor);
}
