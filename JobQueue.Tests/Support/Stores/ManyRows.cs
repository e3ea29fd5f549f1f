using JobQueue.Jobs.Model;
using JobQueue.Storage;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Support.Stores;

/// <summary>Fills a database with more ended jobs than one call looks at, faster than by running them.</summary>
internal static class ManyRows
{
    /// <summary>Ids rise with the number, which begins at 1: one a millisecond, older than anything that is submitted.</summary>
    public static JobId Id(int number) => JobId.Create(1_700_000_000_000 + number, 0, 0);

    /// <summary>
    /// Done jobs; every <paramref name="everyFailed"/>th one is failed for good with the error <c>no</c> and a dead letter, every
    /// <paramref name="everyTagged"/>th one has the tag <c>rare</c>.
    /// </summary>
    public static Task AddEndedAsync(this TestQueue queue, TenantId tenant, int count, int everyFailed = int.MaxValue, int everyTagged = int.MaxValue) =>
        queue.Services.GetRequiredService<IDbWriter>().WriteAsync(
            db => db.Database.ExecuteSql(queue.Storage.InsertEnded(tenant, count, everyFailed, everyTagged)),
            TestContext.Current.CancellationToken);
}
