using System.Linq.Expressions;
using JobQueue.Access;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JobQueue.Storage.Access;

/// <summary>The accounts as rows. What is checked and what is changed stand in one write.</summary>
internal sealed class UserStore(
    IDbWriter writer,
    IDbContextFactory<JobQueueDb> databases,
    TenantStore tenants,
    Passwords passwords,
    IOptions<DemoOptions> demo,
    TimeProvider time) : IAccounts, IRemembers
{
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public async Task<User?> CreateAsync(NewUser user, Actor actor, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(user, cancellationToken);
        return await writer.WriteAsync(db => Add(db, user, hash, actor), cancellationToken);
    }

    public async Task<SetupResult> CreateFirstAsync(NewUser user, Actor actor, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(user, cancellationToken);
        return await writer.WriteAsync<SetupResult>(
            db => db.Users.Any(IsRealAdministrator) ? new SetupResult.Closed()
                : Add(db, user, hash, actor) is { } added ? new SetupResult.Created(added)
                : new SetupResult.NameTaken(),
            cancellationToken);
    }

    public async Task<bool> IsCurrentAsync(int userId, string stamp, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Valid(db.Users).AnyAsync(user => user.Id == userId && user.Stamp == stamp && !user.Disabled, cancellationToken);
    }

    public async Task<bool> AnyRealAdministratorAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(IsRealAdministrator, cancellationToken);
    }

    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await Valid(db.Users.Include(user => user.Tenant)).AsNoTracking().OrderBy(user => user.Name).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => ToUser(row, row.Tenant!.Name));
    }

    public async Task<User?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await FindCredentialsAsync(name, cancellationToken))?.User;

    public async Task<Credentials?> FindCredentialsAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await Valid(db.Users.Include(user => user.Tenant))
            .AsNoTracking()
            .FirstOrDefaultAsync(user => user.Name == name, cancellationToken);
        return row is null ? null : new Credentials(ToUser(row, row.Tenant!.Name), row.PasswordHash);
    }

    public async Task<UserChangeResult> ChangeAsync(string name, UserChanges changes, Actor actor, CancellationToken cancellationToken)
    {
        if (((changes.Password is null ? null : UserRules.PasswordError(changes.Password))
            ?? (changes.Role is null ? null : UserRules.RoleError(changes.Role))) is { } error)
        {
            throw new ArgumentException(error);
        }

        var hash = changes.Password is null ? null : await passwords.HashAsync(changes.Password, cancellationToken);
        var stamp = NewStamp();
        var result = await writer.WriteAsync(
            db =>
            {
                if (Valid(db.Users.Include(user => user.Tenant)).FirstOrDefault(user => user.Name == name) is not { } row)
                    return UserChangeResult.NotFound;
                var stays = (changes.Role ?? row.Role) == Roles.Administrator && !(changes.Disabled ?? row.Disabled);
                if (row is { Role: Roles.Administrator, Disabled: false } && !stays && !AnotherAdministrator(db, row))
                    return UserChangeResult.LastAdministrator;
                row.Role = changes.Role ?? row.Role;
                row.Tenant = changes.Tenant is { } tenant ? tenants.Ensure(db, tenant) : row.Tenant!;
                row.PasswordHash = hash ?? row.PasswordHash;
                row.Disabled = changes.Disabled ?? row.Disabled;
                row.Stamp = stamp;
                db.AddAudit(time.GetUtcNow(), actor, "user.change", row.Tenant.Name, name, Describe(changes));
                return UserChangeResult.Changed;
            },
            cancellationToken);
        Interlocked.Increment(ref _version);
        return result;
    }

    public Task LookAgainAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _version);
        return Task.CompletedTask;
    }

    private Task<string> HashAsync(NewUser user, CancellationToken cancellationToken) =>
        (UserRules.NameError(user.Name) ?? UserRules.PasswordError(user.Password) ?? UserRules.RoleError(user.Role)) is { } error
            ? throw new ArgumentException(error)
            : passwords.HashAsync(user.Password, cancellationToken);

    /// <summary>Answers <see langword="null"/>, and makes nothing, when the name is taken: also by an account that is void here.</summary>
    private User? Add(JobQueueDb db, NewUser user, string hash, Actor actor)
    {
        if (db.Users.Any(other => other.Name == user.Name))
            return null;
        var now = time.GetUtcNow();
        var row = new UserRow
        {
            Name = user.Name,
            PasswordHash = hash,
            Role = user.Role,
            Tenant = tenants.Ensure(db, user.Tenant),
            Demo = user.Demo,
            Stamp = NewStamp(),
            CreatedAt = now,
        };
        db.Users.Add(row);
        db.AddAudit(now, actor, "user.create", user.Tenant, user.Name, $"role {user.Role}");
        // For the id.
        db.SaveChanges();
        return ToUser(row, user.Tenant);
    }

    private static Expression<Func<UserRow, bool>> IsRealAdministrator { get; } = user => user.Role == Roles.Administrator && !user.Demo;

    private static string NewStamp() => Guid.NewGuid().ToString("N");

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
}
