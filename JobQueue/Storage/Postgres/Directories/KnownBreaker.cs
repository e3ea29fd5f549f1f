using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Postgres.Connections;
using JobQueue.Storage.Postgres.Writing.Rows;
using Npgsql;

namespace JobQueue.Storage.Postgres.Directories;

/// <summary>A target that failed a tenant. The breaker's times are those of the database's clock, since 1970.</summary>
/// <param name="Probe">The job that is tried after a rest.</param>
internal sealed record KnownBreaker(int Tenant, string Target, Breaker Breaker, JobId? Probe)
{
    /// <summary>Whether a call may go: any while it has not opened, one at a time when it has rested and nobody knows.</summary>
    public bool TakesCallsAt(TimeSpan now) => !Breaker.HasOpened || (!Breaker.IsOpenAt(now) && Probe is null);

    /// <summary>A row of load_breakers.sql or lock_breakers.sql.</summary>
    public static KnownBreaker Read(NpgsqlDataReader row)
    {
        var known = TimeSpan.FromMilliseconds(row.GetInt64(6));
        var breaker = new Breaker(
            row.GetInt32(2), TimeSpan.FromMilliseconds(row.GetInt64(3)), known, row.GetString(4),
            TimeSpan.FromMilliseconds(row.GetInt64(5)), known + TimeSpan.FromMilliseconds(row.GetInt64(7)));
        return new KnownBreaker(row.GetInt32(0), row.GetString(1), breaker, row.IsDBNull(8) ? null : row.Id(8));
    }

    public SavedBreaker ToRow() => new(
        Tenant,
        Target,
        Breaker.Failures,
        (long)Breaker.FirstFailedAt.TotalMilliseconds,
        Breaker.ErrorType,
        (long)Breaker.Pause.TotalMilliseconds,
        (long)Breaker.LastFailedAt.TotalMilliseconds,
        (long)Math.Max(0, (Breaker.OpenUntil - Breaker.LastFailedAt).TotalMilliseconds),
        Probe);
}
