using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Storage.Sqlite.Sql;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>Reads the board from the database: at start, and after a rollback made the one in memory doubtful.</summary>
internal static class BoardLoader
{
    /// <param name="previous">The board to take over what only memory knows: lease deadlines, and what was accepted in the last minute.</param>
    public static LaneBoard Load(HotStatements sql, TimeProvider time, LaneBoard? previous)
    {
        var board = new LaneBoard
        {
            LastReaped = previous?.LastReaped,
            ClocksApart = previous?.ClocksApart,
            ClocksApartNext = previous?.ClocksApart,
        };
        LoadTenants(board, sql, time, previous);
        for (var rows = sql.LoadPaused; rows.Step();)
        {
            board.Pause(new PausedQueue(
                new TenantId(rows.Int32(0)), rows.Text(1), rows.Time(2), rows.Text(3), rows.NullableText(4), rows.NullableTime(5)));
        }

        for (var rows = sql.LoadLanes; rows.Step();)
        {
            var counters = new LaneCounters
            {
                Pending = rows.Int32(5),
                Ready = rows.Int32(6),
                Done = rows.Int32(7),
                Failed = rows.Int32(8),
                Dead = rows.Int32(9),
            };
            var latest = new LatestMinute
            {
                Minute = rows.Int32(10),
                Counters = new MinuteCounters
                {
                    Submitted = rows.Int32(11),
                    Done = rows.Int32(12),
                    Failed = rows.Int32(13),
                    Retried = rows.Int32(14),
                    Started = rows.Int32(15),
                    WaitMilliseconds = rows.Int64(16),
                    RunMilliseconds = rows.Int64(17),
                },
            };
            var tenant = board.Tenant(new TenantId(rows.Int32(1)));
            var lane = new Lane(rows.Int32(0), tenant, rows.Text(2), rows.Text(3), rows.Int32(4) != 0, counters, latest);
            if (lane.Counters.Ready > 0)
                lane.Head = lane.Ready.First(sql);
            board.Add(lane);
        }

        TargetLoader.LoadBreakers(board, sql, time);
        LoadLeases(board, sql, time, previous);
        TargetLoader.LoadSidings(board, sql);
        KeepOrderOfService(board, previous);
        return board;
    }

    /// <summary>Reads tenants and limits; those already on the board keep their state.</summary>
    public static void LoadTenants(LaneBoard board, HotStatements sql, TimeProvider time, LaneBoard? previous)
    {
        var added = new List<TenantState>();
        for (var rows = sql.LoadTenants; rows.Step();)
        {
            var id = new TenantId(rows.Int32(0));
            var limits = new TenantLimits((int?)rows.NullableInt64(2), (int?)rows.NullableInt64(3), (int?)rows.NullableInt64(4));
            if (board.FindTenant(id) is { } known)
            {
                if (known.Limits != limits)
                    board.SetLimits(known, limits);
                continue;
            }

            var window = previous?.FindTenant(id)?.Window;
            var tenant = new TenantState(id, rows.Text(1), window ?? new AcceptanceWindow(time)) { Limits = limits };
            board.Add(tenant);
            // Without a limit the window is for display alone, and counting could be millions of rows.
            if (window is null && limits.MaxNewPerMinute is not null)
                added.Add(tenant);
        }

        foreach (var tenant in added)
            LoadWindow(tenant, sql, time);
    }

    private static void KeepOrderOfService(LaneBoard board, LaneBoard? previous)
    {
        if (previous is null)
            return;
        board.Served = previous.Served;
        foreach (var tenant in previous.Tenants)
        {
            if (board.FindTenant(tenant.Id) is { } known)
                board.SetLastServed(known, tenant.LastServed);
        }
    }

    private static void LoadWindow(TenantState tenant, HotStatements sql, TimeProvider time)
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var rows = sql.CountRecent.Bind(tenant.Id.Value).Bind(JobId.FirstOf(now.AddMinutes(-1).ToUnixTimeMilliseconds()))
            .Bind(now.ToUnixTimeMilliseconds());
        while (rows.Step())
        {
            // A moment stored to the millisecond may have been up to a millisecond later.
            var age = Math.Max(0, (now - rows.Time(0)).TotalSeconds - 0.001);
            tenant.Window.Add(timestamp - (long)(age * time.TimestampFrequency), 1);
        }

        tenant.Window.Keep();
    }

    private static void LoadLeases(LaneBoard board, HotStatements sql, TimeProvider time, LaneBoard? previous)
    {
        var timestamp = time.GetTimestamp();
        for (var rows = sql.LoadLeases; rows.Step();)
        {
            var token = new LeaseToken(rows.Id(0), rows.Int64(2));
            var duration = TimeSpan.FromMilliseconds(rows.Int64(8));
            var now = time.GetUtcNow();
            // A clock that was set back meanwhile makes no attempt longer.
            var startedAt = rows.Time(6) < now ? rows.Time(6) : now;
            var timeoutIn = startedAt + TimeSpan.FromSeconds(rows.Int32(15)) - now;
            var known = previous?.FindLease(token);
            board.AddLease(new Lease
            {
                Token = token,
                Lane = board.Lane(rows.Int32(1)),
                Attempt = rows.Int32(3),
                Worker = rows.Text(4),
                Process = rows.NullableText(5),
                StartedAt = startedAt,
                ExpiresAt = rows.Time(7),
                Duration = duration,
                CancelRequested = !rows.IsNull(9),
                Retries = rows.Int32(10),
                MaxRetries = rows.Int32(11),
                Crashes = rows.Int32(12),
                Priority = rows.Int32(13),
                RunAt = rows.Int64(14),
                Trace = TraceParent.Read(rows.Blob(16), rows.IsNull(17) ? default : rows.Blob(17)),
                Target = rows.NullableText(18),
                Callback = rows.NullableCallback(19),
                // After a restart each lease gets a full period: its holder could not reach us.
                Deadline = known?.Deadline ?? time.TicksAfter(timestamp, duration),
                TimeoutAt = known?.TimeoutAt ?? time.TicksAfter(timestamp, timeoutIn),
            });
        }
    }
}
