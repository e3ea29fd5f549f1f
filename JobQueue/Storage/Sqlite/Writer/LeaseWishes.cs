using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Leasing;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// The wishes for jobs that the writer holds. One that has just come looks for itself, once; one that waits is looked at only
/// when a job becomes runnable that it may take, however many others wait beside it. Belongs to the writer's thread.
/// </summary>
internal sealed class LeaseWishes
{
    private readonly List<LeaseCommand> _arrived = [];
    private readonly List<LeaseCommand> _granted = [];
    private readonly WaitingWishes _waiting = new();

    /// <summary>The one being served, should serving it throw.</summary>
    public LeaseCommand? Served { get; private set; }

    /// <summary>Takes one in that has come, or lets go of one that comes again because its caller has given up.</summary>
    public void Take(LeaseCommand wish)
    {
        if (wish.IsGivenUp)
            _waiting.Remove(wish);
        else
            _arrived.Add(wish);
    }

    /// <summary>Whether one of them may get a job now.</summary>
    public bool MayBeServed(LaneBoard board) =>
        (_waiting.Count > 0 && board.Runnable.AnythingStirred)
        || _arrived.Exists(wish => board.Runnable.Pick(wish.Request, ahead: wish.Request.Slots == 0) is not null);

    /// <summary>
    /// Gives out what can be given, first to those that wait. Afterwards no wish is left that could take a job that is left.
    /// </summary>
    public void Serve(WriteContext context)
    {
        var board = context.Board;
        while (board.Runnable.NextStirred() is { } line)
        {
            while (line.IsRunnable && _waiting.FirstFor(line, board.Runnable) is { } wish && TryServe(wish, context))
                _waiting.Remove(wish);
        }

        foreach (var wish in _arrived)
            TryServe(wish, context);
        _arrived.RemoveAll(static wish => wish.Granted.Count > 0 || wish.IsGivenUp);
        foreach (var lane in context.LeftOver)
        {
            lane.IsPassedOver = false;
            board.Runnable.Stir(lane);
        }
    }

    /// <summary>The transaction is on disk: those that got jobs hear of them.</summary>
    public void Answer()
    {
        foreach (var wish in _granted)
            wish.Complete();
        _granted.Clear();
    }

    /// <summary>Those that came and got nothing are answered, or wait.</summary>
    /// <param name="last">Whether nobody can wait any longer.</param>
    public void Settle(bool last)
    {
        foreach (var wish in _arrived)
        {
            if (last || wish.Request.Wait == TimeSpan.Zero)
                wish.GiveUp();
            else if (!wish.IsGivenUp)
                _waiting.Add(wish);
        }

        _arrived.Clear();
        if (!last)
            return;
        foreach (var wish in _waiting.Clear())
            wish.GiveUp();
    }

    /// <summary>A rollback took back what was granted.</summary>
    public void Undo()
    {
        Served?.Undo();
        Served = null;
        foreach (var wish in _granted)
        {
            wish.Undo();
            if (!_arrived.Contains(wish))
                _arrived.Add(wish);
        }

        _granted.Clear();
    }

    /// <summary>It must not be tried again.</summary>
    public void Fail(LeaseCommand wish, Exception exception)
    {
        _arrived.Remove(wish);
        _waiting.Remove(wish);
        wish.Fail(exception);
    }

    /// <summary>Nobody can say what they got, if anything.</summary>
    public void FailAll(Exception exception)
    {
        foreach (var wish in _arrived.Concat(_granted).Concat(_waiting.Clear()))
            wish.Fail(exception);
        _arrived.Clear();
        _granted.Clear();
    }

    /// <returns>Whether it is done with: it got something, or its caller has given up.</returns>
    private bool TryServe(LeaseCommand wish, WriteContext context)
    {
        Served = wish;
        wish.Serve(context);
        Served = null;
        if (wish.Granted.Count > 0)
            _granted.Add(wish);
        return wish.Granted.Count > 0 || wish.IsGivenUp;
    }
}
