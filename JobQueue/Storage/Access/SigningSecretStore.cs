using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using JobQueue.Access.Signing;
using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Tenants;
using JobQueue.Tenants;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace JobQueue.Storage.Access;

/// <summary>
/// The secrets that tenants' webhooks are signed with, two at most for each, so that one can take over from the other. Those in
/// use lie in memory, read at first use and put in step by the calls that change them, and when another process may have. Thread-safe;
/// what a call changes is on disk when its task ends, and every signature from then on knows it.
/// </summary>
internal sealed class SigningSecretStore(
    IDbWriter writer, IDbContextFactory<JobQueueDb> databases, IDataProtectionProvider protection, TimeProvider time) : ISigningKeys, IRemembers, IDisposable
{
    private const int Places = 2;

    private readonly IDataProtector _protector = protection.CreateProtector("JobQueue.SigningSecrets");
    private readonly ConcurrentDictionary<TenantId, IReadOnlyList<SigningSecret>> _inUse = new();

    /// <summary>Held while memory is put in step, so that what was read first is not kept last.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    public async ValueTask<IReadOnlyList<SigningSecret>> OfAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_inUse.TryGetValue(tenant, out var known))
            return known;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var rows = await RowsAsync(tenant, cancellationToken);
            return _inUse[tenant] = rows.ConvertAll(Unprotect);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The older first, as they sign.</summary>
    public async Task<IReadOnlyList<LiveSecret>> ListAsync(Tenant tenant, CancellationToken cancellationToken) =>
        (await RowsAsync(tenant.Id, cancellationToken)).ConvertAll(row => new LiveSecret(row.Id, row.CreatedAt));

    /// <returns><see langword="null"/> when the tenant has two already.</returns>
    public async Task<LiveSecret?> AddAsync(Tenant tenant, SigningSecret secret, Actor actor, CancellationToken cancellationToken)
    {
        var encrypted = _protector.Protect(Encoding.ASCII.GetBytes(secret.Text));
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var added = await writer.WriteAsync(
            db =>
            {
                var others = db.SigningSecrets.Where(row => row.TenantId == tenant.Id.Value).ToList();
                if (others.Count == Places)
                    return null;
                var row = new SigningSecretRow
                {
                    Id = id,
                    TenantId = tenant.Id.Value,
                    Place = others.Any(other => other.Place == 1) ? 2 : 1,
                    Encrypted = encrypted,
                    // Also where the clock has not moved, or went back: which one is the older is told by this alone.
                    CreatedAt = others.Select(other => other.CreatedAt.AddMilliseconds(1)).Append(now).Max(),
                };
                db.SigningSecrets.Add(row);
                db.AddAudit(now, actor, "signing_secret.create", tenant.Name, tenant.Name, $"id {id}");
                return new LiveSecret(id, row.CreatedAt);
            },
            cancellationToken);
        await ForgetAsync(() => _inUse.TryRemove(tenant.Id, out _));
        return added;
    }

    /// <returns>False when the tenant has none of this id.</returns>
    public async Task<bool> RemoveAsync(Tenant tenant, Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var removed = await writer.WriteAsync(
            db =>
            {
                if (db.SigningSecrets.FirstOrDefault(row => row.Id == id && row.TenantId == tenant.Id.Value) is not { } row)
                    return false;
                db.SigningSecrets.Remove(row);
                db.AddAudit(now, actor, "signing_secret.delete", tenant.Name, tenant.Name, $"id {id}");
                return true;
            },
            cancellationToken);
        await ForgetAsync(() => _inUse.TryRemove(tenant.Id, out _));
        return removed;
    }

    public Task LookAgainAsync(CancellationToken cancellationToken) => ForgetAsync(_inUse.Clear);

    public void Dispose() => _reading.Dispose();

    /// <summary>Not in the midst of a read, which would put back what it found before the change.</summary>
    private async Task ForgetAsync(Action forget)
    {
        await _reading.WaitAsync(CancellationToken.None);
        forget();
        _reading.Release();
    }

    private async Task<List<SigningSecretRow>> RowsAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SigningSecrets.Where(row => row.TenantId == tenant.Value).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken);
    }

    private SigningSecret Unprotect(SigningSecretRow row)
    {
        try
        {
            var text = Encoding.ASCII.GetString(_protector.Unprotect(row.Encrypted));
            return SigningSecret.TryRead(text, out var secret) ? secret : throw new CryptographicException("It is no secret.");
        }
        catch (CryptographicException exception)
        {
            throw new SigningKeysException(exception);
        }
    }
}
