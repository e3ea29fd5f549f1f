using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>
/// What is told by the wall clock and lasts by the other one: waits that were asked for in seconds, and what runs. When somebody
/// sets the wall clock, the times by which they are told are set with it.
/// </summary>
internal static class ClockMoves
{
    /// <summary>Part of every transaction, before its commands. It costs something only when the clock was set.</summary>
    public static void Follow(WriteContext context)
    {
        if (context.Board.ClocksApartNext is null)
            context.ClockFollowed();
        if (context.ClockSetBy is not { } by)
            return;
        var milliseconds = (long)by.TotalMilliseconds;
        context.Sql.MoveWaitingJobs.Bind(milliseconds).Run();
        context.Sql.MoveWaits.Bind(milliseconds).Run();
        context.NextDue = null;
        context.Sql.MoveLeases.Bind(milliseconds).Run();
        foreach (var lease in context.Board.Leases.Values)
        {
            lease.StartedAt += by;
            lease.ExpiresAt += by;
        }

        context.ClockFollowed();
    }

    /// <summary>At start nobody knows what was done to the clock meanwhile; but no wait is longer than it was asked for.</summary>
    public static void ShortenWaits(WriteContext context)
    {
        context.Sql.ShortenWaitingJobs.Bind(context.NowMilliseconds).Run();
        context.Sql.ShortenWaits.Bind(context.NowMilliseconds).Run();
        context.NextDue = null;
    }
}
