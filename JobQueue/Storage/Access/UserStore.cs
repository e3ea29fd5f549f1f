using JobQueue.Access;
using JobQueue.Access.Users;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JobQueue.Storage.Access;

/// <summary>
/// The accounts of people. Accounts made in a demo are as good as not there outside it. Thread-safe; what a call changes is on
/// disk when its task ends.
/// </summary>
internal sealed class UserStore(
    IDbWriter writer,
    IDbContextFactory<JobQueueDb> databases,
    TenantStore tenants,
    Passwords passwords,
    IOptions<DemoOptions> demo,
    TimeProvider time)
{
    /// <summary>Makes an account, and its tenant when that is missing.</summary>
    /// <param name="actor">Who made it, for the audit log.</param>
    /// <param name="remoteAddress">Where the request came from, if it was one.</param>
    /// <returns><see langword="null"/> when the name is taken.</returns>
    /// <exception cref="ArgumentException">Name, password or role break <see cref="UserRules"/>.</exception>
    public async Task<User?> CreateAsync(
        string name,
        string password,
        string role,
        string tenant,
        bool demo,
        string actor,
        string? remoteAddress,
        CancellationToken cancellationToken)
    {
        if ((UserRules.NameError(name) ?? UserRules.PasswordError(password) ?? UserRules.RoleError(role)) is { } error)
            throw new ArgumentException(error);
        var row = new UserRow
        {
            Name = name,
            PasswordHash = await passwords.HashAsync(password, cancellationToken),
            Role = role,
            TenantId = (await tenants.EnsureAsync(tenant, null, cancellationToken)).Value,
            Demo = demo,
            Stamp = NewStamp(),
            CreatedAt = time.GetUtcNow(),
        };
        return await writer.WriteAsync(
            db =>
            {
                if (db.Users.Any(user => user.Name == name))
                    return null;
                var added = Copy(row);
                db.Users.Add(added);
                db.Audit.Add(Audited(actor, "user.create", tenant, name, $"role {role}", remoteAddress));
                db.SaveChanges();
                return ToUser(added, tenant);
            },
            cancellationToken);
    }

    /// <summary>The user with this password, or <see langword="null"/>. Takes as long for a name that does not exist.</summary>
    public async Task<User?> VerifyAsync(string name, string password, CancellationToken cancellationToken)
    {
        UserRow? row;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            row = await Valid(db.Users.Include(user => user.Tenant))
                .AsNoTracking()
                .FirstOrDefaultAsync(user => user.Name == name, cancellationToken);
        }

        return await passwords.VerifyAsync(row?.PasswordHash, password, cancellationToken) && row is { Disabled: false }
            ? ToUser(row, row.Tenant!.Name)
            : null;
    }

    /// <summary>Whether a session that was signed in with this stamp still counts.</summary>
    public async Task<bool> IsCurrentAsync(int userId, string stamp, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Valid(db.Users).AnyAsync(user => user.Id == userId && user.Stamp == stamp && !user.Disabled, cancellationToken);
    }

    /// <summary>Whether there is an administrator who was not made in a demo.</summary>
    public async Task<bool> AnyRealAdministratorAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(user => user.Role == Roles.Administrator && !user.Demo, cancellationToken);
    }

    /// <summary>Every account that counts, by name.</summary>
    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await Valid(db.Users.Include(user => user.Tenant)).AsNoTracking().OrderBy(user => user.Name).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => ToUser(row, row.Tenant!.Name));
    }

    public async Task<User?> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await Valid(db.Users.Include(user => user.Tenant))
            .AsNoTracking()
            .FirstOrDefaultAsync(user => user.Name == name, cancellationToken);
        return row is null ? null : ToUser(row, row.Tenant!.Name);
    }

    /// <summary>Changes an account and ends its sessions.</summary>
    /// <exception cref="ArgumentException">Password or role break <see cref="UserRules"/>.</exception>
    public async Task<UserChangeResult> ChangeAsync(
        string name, UserChanges changes, string actor, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (((changes.Password is null ? null : UserRules.PasswordError(changes.Password))
            ?? (changes.Role is null ? null : UserRules.RoleError(changes.Role))) is { } error)
        {
            throw new ArgumentException(error);
        }

        var hash = changes.Password is null ? null : await passwords.HashAsync(changes.Password, cancellationToken);
        TenantId? tenant = changes.Tenant is null ? null : await tenants.EnsureAsync(changes.Tenant, null, cancellationToken);
        var stamp = NewStamp();
        return await writer.WriteAsync(
            db =>
            {
                if (Valid(db.Users.Include(user => user.Tenant)).FirstOrDefault(user => user.Name == name) is not { } row)
                    return UserChangeResult.NotFound;
                var stays = (changes.Role ?? row.Role) == Roles.Administrator && !(changes.Disabled ?? row.Disabled);
                if (row is { Role: Roles.Administrator, Disabled: false } && !stays && !AnotherAdministrator(db, row))
                    return UserChangeResult.LastAdministrator;
                row.Role = changes.Role ?? row.Role;
                row.TenantId = tenant?.Value ?? row.TenantId;
                row.PasswordHash = hash ?? row.PasswordHash;
                row.Disabled = changes.Disabled ?? row.Disabled;
                row.Stamp = stamp;
                db.Audit.Add(Audited(actor, "user.change", changes.Tenant ?? row.Tenant!.Name, name, Describe(changes), remoteAddress));
                db.SaveChanges();
                return UserChangeResult.Changed;
            },
            cancellationToken);
    }

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    /// <summary>A change may run twice: each time it adds a row of its own.</summary>
    private static UserRow Copy(UserRow row) => new()
    {
        Name = row.Name,
        PasswordHash = row.PasswordHash,
        Role = row.Role,
        TenantId = row.TenantId,
        Demo = row.Demo,
        Stamp = row.Stamp,
        CreatedAt = row.CreatedAt,
    };

    private static User ToUser(UserRow row, string tenant) =>
        new(row.Id, row.Name, row.Role, new TenantId(row.TenantId), tenant, row.Disabled, row.CreatedAt, row.Stamp);

    private static string Describe(UserChanges changes) => string.Join(", ", new[]
    {
        changes.Role is { } role ? $"role {role}" : null,
        changes.Tenant is { } tenant ? $"tenant {tenant}" : null,
        changes.Password is null ? null : "password",
        changes.Disabled switch { true => "disabled", false => "enabled", null => null },
    }.Where(part => part is not null));

    private bool AnotherAdministrator(JobQueueDb db, UserRow one) =>
        Valid(db.Users).Any(user => user.Id != one.Id && user.Role == Roles.Administrator && !user.Disabled);

    private IQueryable<UserRow> Valid(IQueryable<UserRow> users) =>
        demo.Value.Enabled ? users : users.Where(user => !user.Demo);

    private AuditRow Audited(string actor, string action, string tenant, string target, string detail, string? remoteAddress) => new()
    {
        At = time.GetUtcNow(),
        Actor = actor,
        Action = action,
        Tenant = tenant,
        Target = target,
        Detail = detail,
        RemoteAddress = remoteAddress,
    };
}
