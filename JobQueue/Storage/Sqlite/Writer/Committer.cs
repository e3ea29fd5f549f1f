using System.Diagnostics;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands;
using JobQueue.Storage.Sqlite.Commands.Leasing;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Files;
using SQLitePCL;

namespace JobQueue.Storage.Sqlite.Writer;

/// <summary>
/// Turns a batch into one transaction, and what became of it into answers. Belongs to the writer's thread.
/// </summary>
/// <remarks>
/// When a command throws, the whole transaction is rolled back, the board is read anew, and the batch runs again without the guilty
/// one, which fails alone. What no command is to blame for (a commit, a full disk, a lock) fails the batch as a whole.
/// </remarks>
internal sealed partial class Committer(
    WriteContext context,
    WriterInbox inbox,
    EventPublisher publisher,
    Checkpointer checkpointer,
    ILogger logger,
    Action<TimeSpan, int> onCommitted,
    Action<Exception> onFatal)
{
    /// <summary>
    /// So many writes and wishes of one batch may throw; each costs a reading of the board. Where there are more, something else is
    /// wrong, and the rest is told to come again.
    /// </summary>
    private const int MaxFaults = 8;

    private readonly LeaseWishes _wishes = new();
    private StoreCommand? _applied;

    /// <summary>As of the last commit or the transaction under way.</summary>
    public LaneBoard Board => context.Board;

    /// <summary>Whether the last transaction left something to do.</summary>
    public bool HasMore => context.LeftOver.Count > 0 && MustServe;

    /// <summary>Takes in the wishes that came.</summary>
    public void TakeWishes()
    {
        while (inbox.TryTake(out LeaseCommand? wish))
            _wishes.Take(wish);
    }

    /// <summary>Commits the batch and answers it. What a fault leaves of it is tried again.</summary>
    public void Process(WriteBatch batch)
    {
        IReadOnlyList<StoreCommand>? writes = batch.Writes;
        for (var faults = 0; writes is not null && (writes.Count > 0 || MustServe); faults++)
        {
            var (began, written) = (Stopwatch.GetTimestamp(), RowsWritten);
            long flush;
            try
            {
                flush = IsMereLook(writes) ? 0 : Commit(writes, batch);
            }
            catch (Exception exception)
            {
                writes = Undo(writes, exception, faults);
                continue;
            }

            if (RowsWritten != written)
                onCommitted(Stopwatch.GetElapsedTime(began), writes.Count);
            batch.Committed(flush);
            Answer(writes);
            checkpointer.Committed(context.Connection);
            return;
        }
    }

    /// <summary>Answers the wishes that got nothing and do not wait.</summary>
    /// <param name="last">Whether nobody can wait any longer.</param>
    public void AnswerWishes(bool last) => _wishes.Settle(last);

    /// <summary>Nobody can say what the wishes taken in got, if anything: they end.</summary>
    public void AbandonWishes(Exception exception) => _wishes.FailAll(exception);

    /// <summary>All that were written on the connection so far.</summary>
    private int RowsWritten => raw.sqlite3_total_changes(context.Connection.Handle);

    /// <summary>Whether the batch is one look that finds nothing to write: then it is done without a transaction.</summary>
    private bool IsMereLook(IReadOnlyList<StoreCommand> batch)
    {
        if (batch.Count != 1 || MustServe)
            return false;
        context.Refresh();
        if (context.ClockSetBy is not null || !batch[0].FindsNothing(context))
            return false;
        batch[0].Apply(context);
        return true;
    }

    private bool MustServe => _wishes.MayBeServed(context.Board);

    /// <returns>What writing and flushing the log took, in ticks of the stopwatch.</returns>
    private long Commit(IReadOnlyList<StoreCommand> writes, WriteBatch batch)
    {
        context.Sql.Begin.Run();
        context.Begin();
        var applied = 0;
        do
        {
            context.Refresh();
            ClockMoves.Follow(context);
            for (; applied < writes.Count; applied++)
            {
                _applied = writes[applied];
                _applied.Apply(context);
            }
        }
        // What a fault left of a batch takes nobody in.
        while (writes == batch.Writes && batch.TakeMore());

        _applied = null;
        TakeWishes();
        _wishes.Serve(context);
        WriteLanes();
        var began = Stopwatch.GetTimestamp();
        context.Sql.Commit.Run();
        var took = Stopwatch.GetTimestamp() - began;
        context.Board.ChangesWritten(context.Time.GetTimestamp());
        return took;
    }

    private void Answer(IReadOnlyList<StoreCommand> batch)
    {
        foreach (var command in batch)
            command.Complete();
        _wishes.Answer();
        if (context.Events.Count == 0)
            return;
        publisher.Publish(context.Events);
        context.Events.Clear();
    }

    private void WriteLanes()
    {
        var minute = (int)(context.NowMilliseconds / 60_000);
        foreach (var lane in context.Board.ChangedLanes)
            lane.Write(context.Sql, minute);
        context.Board.Targets.Write(context.Sql);
    }

    /// <summary>Takes back a transaction that failed and tells those it concerns.</summary>
    /// <returns>What is to be done again; null when there is nothing left to try.</returns>
    private IReadOnlyList<StoreCommand>? Undo(IReadOnlyList<StoreCommand> batch, Exception exception, int faults)
    {
        var (command, wish, fatal) = (_applied, _wishes.Served, WriteErrors.IsFatal(exception));
        try
        {
            Rollback();
            context.Board.UndoAcceptances();
            if (!fatal)
                context.Board = BoardLoader.Load(context.Sql, context.Time, context.Board);
        }
        catch (Exception worse)
        {
            // What cannot be read back cannot be trusted either.
            (exception, fatal) = (worse, true);
        }

        if (fatal)
        {
            FailAll(batch, new StoreStoppedException(exception));
            onFatal(exception);
            return null;
        }

        LogWriteFailed(logger, exception, wish?.GetType().Name ?? command?.GetType().Name ?? "Commit");
        if (WriteErrors.ConcernsAll(exception))
        {
            var told = WriteErrors.Translate(exception);
            FailAll(batch, told);
            // Who came while the lock was waited for has waited as well.
            if (WriteErrors.IsLocked(exception))
                FailWaiting(told);
            return null;
        }

        if (wish is not null)
            _wishes.Fail(wish, exception);
        command?.Fail(exception);
        batch = [.. batch.Where(other => other != command)];
        if ((wish is not null || command is not null) && faults < MaxFaults)
            return batch;
        FailAll(batch, new StoreUnavailableException("Writes beside this one failed, and it with them. Nothing of it was stored: try again.", exception));
        return null;
    }

    private void Rollback()
    {
        _applied = null;
        _wishes.Undo();
        context.Undo();
        if (context.InTransaction)
            context.Sql.Rollback.Run();
    }

    private static void FailAll(IEnumerable<StoreCommand> batch, Exception exception)
    {
        foreach (var command in batch)
            command.Fail(exception);
    }

    private void FailWaiting(Exception exception)
    {
        while (inbox.TryTake(out StoreCommand? command))
            command.Fail(exception);
    }

    [LoggerMessage(2001, LogLevel.Error, "A write failed and was undone: {Command}")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, string command);
}
