using System.Collections.Concurrent;
using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Access;
using JobQueue.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace JobQueue.Storage.Access;

/// <summary>
/// The bearer tokens. All valid ones lie in memory, so that no request waits for a look-up; they are read at first use, kept in
/// step by the calls that make and revoke them, and looked at again when another process may have. Thread-safe; what a call
/// changes is on disk when its task ends.
/// </summary>
internal sealed class TokenStore(
    IDbWriter writer,
    IDbContextFactory<JobQueueDb> databases,
    TenantStore tenants,
    IOptions<DemoOptions> demo,
    TimeProvider time,
    ILogger<TokenStore> logger) : ITokens, IRemembers, IDisposable
{
    /// <summary>Held from a look at the database, or a change of it, until memory is in step: what was read first must not be kept last.</summary>
    private readonly SemaphoreSlim _changing = new(1);

    private volatile ConcurrentDictionary<TokenHash, TokenPrincipal>? _tokens;

    public async Task<NewToken> CreateAsync(NewTokenRequest request, CancellationToken cancellationToken)
    {
        var secret = request.Secret ?? TokenSecret.Create();
        if (!TokenSecret.TryHash(secret, out var hash))
            throw new ArgumentException($"A secret begins with {TokenSecret.Prefix} and has at most {TokenSecret.MaxLength} characters.", nameof(request));
        var tokens = await AllAsync(cancellationToken);
        using var turn = await TurnAsync(cancellationToken);
        var now = time.GetUtcNow();
        var (id, bytes) = (Guid.CreateVersion7(now), hash.ToByteArray());
        var row = await writer.WriteAsync(
            db =>
            {
                // One that is known to all, made by two processes at once.
                if (request.Secret is not null && db.Tokens.Include(known => known.Tenant).FirstOrDefault(known => known.Hash == bytes) is { } found)
                    return found;
                var tenant = tenants.Ensure(db, request.Tenant);
                var token = new TokenRow
                {
                    Id = id,
                    TenantId = tenant.Id,
                    Tenant = tenant,
                    Name = request.Name,
                    Prefix = TokenSecret.Shown(secret),
                    Hash = bytes,
                    Scopes = string.Join(',', request.Scopes),
                    CreatedBy = request.CreatedBy,
                    CreatedAt = now,
                    ExpiresAt = request.ExpiresDays is { } days ? now.AddDays(days) : null,
                    Demo = request.Demo || demo.Value.Enabled,
                };
                db.Tokens.Add(token);
                var actor = new Actor(request.CreatedBy, null, request.RemoteAddress);
                db.AddAudit(now, actor, "token.create", tenant.Name, request.Name, $"id {id}, scopes {token.Scopes}");
                return token;
            },
            cancellationToken);
        if (IsValid(row))
            tokens[hash] = Read(row, row.Tenant!.Name);
        return new NewToken(row.Id, secret);
    }

    public async ValueTask<TokenPrincipal?> FindAsync(ReadOnlyMemory<char> secret, CancellationToken cancellationToken)
    {
        var tokens = _tokens ?? await AllAsync(cancellationToken);
        if (!TokenSecret.TryHash(secret.Span, out var hash) || !tokens.TryGetValue(hash, out var caller))
            return null;
        var now = time.GetUtcNow();
        if (caller.Token.IsExpiredAt(now))
            return null;
        if (caller.NoteUse(now))
            _ = StoreUseAsync(caller.Token.Id, now);
        return caller;
    }

    public async Task<IReadOnlyList<TokenPrincipal>> ListAsync(TenantId? scope, CancellationToken cancellationToken)
    {
        var tokens = await AllAsync(cancellationToken);
        // When they were last used, wherever that was.
        await LookAgainAsync(cancellationToken);
        return tokens.Values
            .Where(caller => scope is null || caller.Token.TenantId == scope)
            .OrderByDescending(caller => new JobId(caller.Token.Id))
            .ToList();
    }

    public async Task<bool> RevokeAsync(Guid id, Actor actor, CancellationToken cancellationToken)
    {
        var tokens = await AllAsync(cancellationToken);
        using var turn = await TurnAsync(cancellationToken);
        var now = time.GetUtcNow();
        var scope = actor.Scope?.Value;
        var hash = await writer.WriteAsync(
            db =>
            {
                var row = db.Tokens.Include(token => token.Tenant)
                    .FirstOrDefault(token => token.Id == id && (scope == null || token.TenantId == scope));
                if (row is null)
                    return null;
                db.Tokens.Remove(row);
                db.AddAudit(now, actor, "token.revoke", row.Tenant!.Name, row.Name, $"id {id}");
                return row.Hash;
            },
            cancellationToken);
        if (hash is null)
            return false;
        if (tokens.TryRemove(TokenHash.Read(hash), out var caller))
            caller.Revoke();
        return true;
    }

    public async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        if (_tokens is not { } tokens)
            return;
        using var turn = await TurnAsync(cancellationToken);
        var stored = await LoadAsync(cancellationToken);
        foreach (var (hash, caller) in tokens)
        {
            if (stored.TryGetValue(hash, out var found))
                caller.NoteUseElsewhere(found.LastUsedAt);
            else if (tokens.TryRemove(hash, out _))
                caller.Revoke();
        }

        foreach (var (hash, caller) in stored)
            tokens.TryAdd(hash, caller);
    }

    public void Dispose() => _changing.Dispose();

    private async ValueTask<ConcurrentDictionary<TokenHash, TokenPrincipal>> AllAsync(CancellationToken cancellationToken)
    {
        if (_tokens is { } loaded)
            return loaded;
        using var turn = await TurnAsync(cancellationToken);
        return _tokens ??= await LoadAsync(cancellationToken);
    }

    private async Task<Turn> TurnAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        return new Turn(_changing);
    }

    private async Task<ConcurrentDictionary<TokenHash, TokenPrincipal>> LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Tokens.Include(row => row.Tenant).ToListAsync(cancellationToken);
        return new(rows.Where(IsValid).Select(row => KeyValuePair.Create(TokenHash.Read(row.Hash), Read(row, row.Tenant!.Name))));
    }

    private bool IsValid(TokenRow row) => demo.Value.Enabled || !row.Demo;

    private static TokenPrincipal Read(TokenRow row, string tenant) => new(
        new ApiToken(
            row.Id,
            new TenantId(row.TenantId),
            tenant,
            row.Name,
            row.Prefix,
            row.Scopes.Split(','),
            row.CreatedBy,
            row.CreatedAt,
            row.ExpiresAt),
        row.LastUsedAt);

    /// <summary>Nobody waits for this, and nothing depends on it: a use that could not be stored is noted a minute later.</summary>
    private async Task StoreUseAsync(Guid id, DateTimeOffset at)
    {
        try
        {
            // Past the context, which would have everybody look again who remembers tokens.
            await writer.WriteAsync(
                db => db.Tokens.Where(row => row.Id == id).ExecuteUpdate(set => set.SetProperty(row => row.LastUsedAt, at)), CancellationToken.None);
        }
        catch (Exception exception)
        {
            AccessLog.TokenUseNotStored(logger, exception);
        }
    }

    private readonly record struct Turn(SemaphoreSlim Changing) : IDisposable
    {
        public void Dispose() => Changing.Release();
    }
}
