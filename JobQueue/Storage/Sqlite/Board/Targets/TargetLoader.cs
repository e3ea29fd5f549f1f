using JobQueue.Jobs.Targets;
using JobQueue.Storage.Sqlite.Sql;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board.Targets;

/// <summary>Reads what is known of targets into a board. Tenants come before breakers, lanes and leases before sidings.</summary>
internal static class TargetLoader
{
    public static void LoadBreakers(LaneBoard board, HotStatements sql, TimeProvider time)
    {
        var (now, elapsed) = (time.GetUtcNow(), time.GetElapsedTime(0, time.GetTimestamp()));
        for (var rows = sql.LoadBreakers; rows.Step();)
        {
            // A clock that was set back meanwhile makes no rest longer than it was.
            var rest = Milliseconds(rows.Int64(7)) - Since(now, rows.Time(6));
            var breaker = new Breaker(
                rows.Int32(2), elapsed - Since(now, rows.Time(3)), elapsed - Since(now, rows.Time(6)), rows.Text(4),
                Milliseconds(rows.Int64(5)), elapsed + rest);
            board.Targets.Set(board.Targets.Of(board.Tenant(new TenantId(rows.Int32(0))), rows.Text(1)), breaker, elapsed);
        }
    }

    public static void LoadSidings(LaneBoard board, HotStatements sql)
    {
        var sidings = new List<Siding>();
        for (var rows = sql.LoadSidings; rows.Step();)
        {
            var lane = board.Lane(rows.Int32(1));
            sidings.Add(new Siding(rows.Int32(0), lane, board.Targets.Of(lane.Tenant, rows.Text(2)), rows.Int32(3)));
        }

        foreach (var siding in sidings)
        {
            if (siding.Count > 0)
                siding.Head = siding.Ready.First(sql);
            board.Targets.Add(siding);
            board.Targets.Change(siding);
        }
    }

    private static TimeSpan Since(DateTimeOffset now, DateTimeOffset then) => now > then ? now - then : TimeSpan.Zero;

    private static TimeSpan Milliseconds(long count) => TimeSpan.FromMilliseconds(count);
}
