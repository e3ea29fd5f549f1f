using JobQueue.Storage.Model;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Queries.Stats;

/// <summary>
/// When the longest waiting ready job was due, also one that stands aside for its target. A line's rows lie by priority first: the
/// statements leap from one priority to the next, so a line of a million jobs costs as much as there are priorities in it. LINQ has
/// no words for it.
/// </summary>
internal static class OldestReady
{
    /// <summary>Of a tenant, or of all.</summary>
    public static async Task<DateTimeOffset?> OfAsync(JobQueueDb db, TenantId? scope, CancellationToken cancellationToken)
    {
        var tenant = scope?.Value;
        var due = await db.Database.SqlQuery<long?>($"""
            WITH RECURSIVE lines (id) AS (
                SELECT id FROM lanes WHERE ready > 0 AND (CAST({tenant} AS integer) IS NULL OR tenant_id = {tenant})
                UNION ALL
                SELECT sidings.id FROM sidings JOIN lanes ON lanes.id = sidings.lane_id WHERE CAST({tenant} AS integer) IS NULL OR tenant_id = {tenant}),
            ranks (line_id, rank) AS (
                SELECT id, (SELECT min(rank) FROM ready WHERE lane_id = lines.id) FROM lines
                UNION ALL
                SELECT line_id, (SELECT min(rank) FROM ready WHERE lane_id = ranks.line_id AND rank > ranks.rank)
                FROM ranks WHERE rank IS NOT NULL)
            SELECT min((SELECT min(due_at) FROM ready WHERE lane_id = ranks.line_id AND rank = ranks.rank)) AS "Value"
            FROM ranks WHERE rank IS NOT NULL
            """).SingleAsync(cancellationToken);
        return due is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    /// <summary>Of each lane of a tenant's queues whose names lie between two.</summary>
    public static async Task<Dictionary<int, DateTimeOffset>> ByLaneAsync(
        JobQueueDb db, TenantId tenant, string firstQueue, string lastQueue, CancellationToken cancellationToken)
    {
        var rows = await db.Database.SqlQuery<LaneDue>($"""
            WITH RECURSIVE chosen (lane_id) AS (
                SELECT id FROM lanes WHERE tenant_id = {tenant.Value} AND queue >= {firstQueue} AND queue <= {lastQueue} AND pending > 0),
            lines (lane_id, id) AS (
                SELECT lane_id, lane_id FROM chosen
                UNION ALL
                SELECT sidings.lane_id, sidings.id FROM chosen JOIN sidings ON sidings.lane_id = chosen.lane_id),
            ranks (lane_id, line_id, rank) AS (
                SELECT lane_id, id, (SELECT min(rank) FROM ready WHERE lane_id = lines.id) FROM lines
                UNION ALL
                SELECT lane_id, line_id, (SELECT min(rank) FROM ready WHERE lane_id = ranks.line_id AND rank > ranks.rank)
                FROM ranks WHERE rank IS NOT NULL)
            SELECT lane_id AS "LaneId",
                   min((SELECT min(due_at) FROM ready WHERE lane_id = ranks.line_id AND rank = ranks.rank)) AS "DueAt"
            FROM ranks WHERE rank IS NOT NULL GROUP BY lane_id
            """).ToListAsync(cancellationToken);
        return rows.ToDictionary(row => row.LaneId, row => DateTimeOffset.FromUnixTimeMilliseconds(row.DueAt));
    }

    private sealed record LaneDue(int LaneId, long DueAt);
}
