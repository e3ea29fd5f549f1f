using JobQueue.Jobs.Model;
using JobQueue.Storage;
using JobQueue.Tenants;
using JobQueue.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Queries;

/// <summary>Fills a database with more ended jobs than one call looks at, faster than by running them.</summary>
internal static class ManyRows
{
    /// <summary>Ids rise with the number, which begins at 1: one a millisecond, older than anything that is submitted.</summary>
    public static JobId Id(int number) => JobId.Create(1_700_000_000_000 + number, 0, 0);

    /// <summary>Done jobs; every <paramref name="everyFailed"/>th one is failed and a dead letter, every <paramref name="everyTagged"/>th one has the tag <c>rare</c>.</summary>
    public static Task AddEndedAsync(this TestQueue queue, TenantId tenant, int count, int everyFailed = int.MaxValue, int everyTagged = int.MaxValue) =>
        queue.Services.GetRequiredService<IDbWriter>().WriteAsync(
            db => db.Database.ExecuteSql(
                $"""
                INSERT INTO lanes (id, tenant_id, queue, type, suspect, pending, ready, done, failed, dead)
                VALUES (9999, {tenant.Value}, 'old', 'echo', 0, 0, 0, {count} - {count} / {everyFailed}, {count} / {everyFailed}, {count} / {everyFailed});
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})
                INSERT INTO jobs (id, tenant_id, lane_id, status, reason, priority, retries, max_retries, crashes, attempts, timeout_seconds,
                                  run_at, created_at, finished_at, tags, trace_id, submitted_by, error_message, payload)
                SELECT unhex(printf('%012x', 1700000000000 + n) || '70008000000000000000'), {tenant.Value}, 9999,
                       iif(n % {everyFailed} = 0, 3, 2), iif(n % {everyFailed} = 0, 2, NULL), 0, 0, 5, 0, 1, 300,
                       1700000000000 + n, 1700000000000 + n, 1700000000000 + n,
                       iif(n % {everyTagged} = 0, char(10) || 'rare' || char(10), NULL),
                       zeroblob(16), 'token:test', iif(n % {everyFailed} = 0, 'no', NULL), X'7B7D'
                FROM numbers;
                INSERT INTO dead_letters (job_id, tenant_id, lane_id, reason, error_message, fingerprint, attempts, dead_at)
                SELECT id, tenant_id, lane_id, reason, error_message, '0000000000000000', 1, finished_at FROM jobs WHERE status = 3 AND lane_id = 9999;
                """),
            TestContext.Current.CancellationToken);
}
