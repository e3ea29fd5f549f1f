using JobQueue.Storage;
using JobQueue.Storage.Entities;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JobQueue.Access;

internal sealed class TenantStore(IDbWriter writer, IDbContextFactory<JobQueueDb> databases, IOptions<TenantsOptions> options, TimeProvider time)
{
    public Task<TenantId> EnsureAsync(string name, TenantLimits? limits, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            db =>
            {
                if (db.Tenants.AsNoTracking().FirstOrDefault(row => row.Name == name) is { } found)
                    return new TenantId(found.Id);
                limits ??= options.Value.ToLimits();
                var row = new TenantRow
                {
                    Name = name,
                    MaxConcurrent = limits.MaxConcurrent,
                    MaxNewPerMinute = limits.MaxNewPerMinute,
                    MaxPending = limits.MaxPending,
                    CreatedAt = time.GetUtcNow(),
                };
                db.Tenants.Add(row);
                db.SaveChanges();
                return new TenantId(row.Id);
            },
            cancellationToken);

    public async Task<TenantId?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Tenants.AsNoTracking().FirstOrDefaultAsync(tenant => tenant.Name == name, cancellationToken);
        return row is null ? null : new TenantId(row.Id);
    }
}
