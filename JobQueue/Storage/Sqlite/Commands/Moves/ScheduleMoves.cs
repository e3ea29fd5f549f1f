using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>From the schedule into the lanes.</summary>
internal static class ScheduleMoves
{
    /// <summary>Jobs moved in one transaction, so that a flood of due jobs does not hold up the others.</summary>
    private const int Slice = 500;

    /// <summary>Makes jobs ready that are due; what is left over is due again at once.</summary>
    public static void PromoteDue(WriteContext context)
    {
        if (context.NextDue is { } next && next > context.NowMilliseconds)
            return;
        var due = new List<(JobId Id, Lane Lane, ReadyKey Key)>();
        for (var rows = context.Sql.DueScheduled.Bind(context.NowMilliseconds).Bind(Slice); rows.Step();)
        {
            due.Add((rows.Id(1), context.Board.Lane(rows.Int32(2)), new ReadyKey(rows.Int32(3), rows.Int64(0), rows.Id(1))));
        }

        foreach (var (id, lane, key) in due)
        {
            context.Sql.DeleteScheduled.Bind(key.DueAt).Bind(id).RunOne("waiting job", id);
            context.MakeReady(lane, key);
        }

        context.NextDue = null;
    }
}
