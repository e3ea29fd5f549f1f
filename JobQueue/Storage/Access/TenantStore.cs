using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JobQueue.Storage.Access;

/// <summary>The tenants. Thread-safe; what a call changes is on disk when its task ends.</summary>
internal sealed class TenantStore(
    IDbWriter writer, IDbContextFactory<JobQueueDb> databases, IOptions<TenantsOptions> options, TimeProvider time)
{
    /// <summary>The tenant's id; a missing tenant is made first.</summary>
    /// <param name="limits">Of a new tenant; <see langword="null"/> for the configured ones.</param>
    public Task<TenantId> EnsureAsync(string name, TenantLimits? limits, CancellationToken cancellationToken) =>
        writer.WriteAsync(db => new TenantId(Ensure(db, name, limits).Id), cancellationToken);

    /// <summary>As <see cref="EnsureAsync"/>, inside another store's write.</summary>
    public TenantRow Ensure(JobQueueDb db, string name, TenantLimits? limits = null)
    {
        if (db.Tenants.FirstOrDefault(tenant => tenant.Name == name) is { } found)
            return found;
        var row = new TenantRow { Name = name, CreatedAt = time.GetUtcNow() };
        Apply(row, limits ?? options.Value.ToLimits());
        db.Tenants.Add(row);
        db.SaveChanges();
        return row;
    }

    public async Task<Tenant?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Tenants.Where(row => row.Name == name).FirstOrDefaultAsync(cancellationToken) is { } row ? Read(row) : null;
    }

    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<Tenant>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Tenants.OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return rows.ConvertAll(Read);
    }

    /// <summary>Changes a tenant's limits, making the tenant when it is missing.</summary>
    /// <param name="change">From the present limits to the new ones; pure, as it may run twice.</param>
    public async Task<(Tenant Tenant, bool Created)> PutAsync(
        string name, Func<TenantLimits, TenantLimits> change, Actor actor, CancellationToken cancellationToken)
    {
        var (row, created) = await writer.WriteAsync(
            db =>
            {
                var isNew = !db.Tenants.Any(tenant => tenant.Name == name);
                var tenant = Ensure(db, name);
                Apply(tenant, change(Read(tenant).Limits));
                db.AddAudit(time.GetUtcNow(), actor, isNew ? "tenant.create" : "tenant.update", name, name, Describe(tenant));
                return (tenant, isNew);
            },
            cancellationToken);
        return (Read(row), created);
    }

    private static void Apply(TenantRow row, TenantLimits limits) =>
        (row.MaxConcurrent, row.MaxNewPerMinute, row.MaxPending) = (limits.MaxConcurrent, limits.MaxNewPerMinute, limits.MaxPending);

    private static Tenant Read(TenantRow row) => new(
        new TenantId(row.Id), row.Name, new TenantLimits(row.MaxConcurrent, row.MaxNewPerMinute, row.MaxPending), row.CreatedAt);

    private static string Describe(TenantRow row)
    {
        static string Limit(int? value) => value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none";
        return $"max_concurrent {Limit(row.MaxConcurrent)}, max_new_per_minute {Limit(row.MaxNewPerMinute)}, max_pending {Limit(row.MaxPending)}";
    }
}
