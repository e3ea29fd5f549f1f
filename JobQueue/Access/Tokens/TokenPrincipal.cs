using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;
using Microsoft.AspNetCore.Authentication;

namespace JobQueue.Access.Tokens;

/// <summary>The caller of an API call. One instance serves every request with its token.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Requests may still look at the source after the token has gone; without a timer it holds nothing.")]
internal sealed class TokenPrincipal : ClaimsPrincipal
{
    private readonly CancellationTokenSource _revoked = new();
    private long _lastUsed;

    public TokenPrincipal(ApiToken token, DateTimeOffset? lastUsedAt)
        : base(new ClaimsIdentity([new Claim(ClaimTypes.Name, token.ActorName)], Bearer.Scheme))
    {
        Token = token;
        Ticket = AuthenticateResult.Success(new AuthenticationTicket(this, Bearer.Scheme));
        _lastUsed = lastUsedAt?.ToUnixTimeMilliseconds() ?? 0;
    }

    public ApiToken Token { get; }

    /// <summary>The one tenant this caller sees, or <see langword="null"/> for all.</summary>
    public TenantId? Scope => Token.IsAdmin ? null : Token.TenantId;

    public AuthenticateResult Ticket { get; }

    /// <summary>Cancelled when the token is revoked: what it has open ends.</summary>
    public CancellationToken Revoked => _revoked.Token;

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt =>
        Volatile.Read(ref _lastUsed) is > 0 and var milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>To be called once the token is refused: who looks at <see cref="Revoked"/> after that sees it, too.</summary>
    public void Revoke() => _ = _revoked.CancelAsync();

    public Actor ActorFrom(HttpContext context) => new(Token.ActorName, Scope, context.Connection.RemoteIpAddress?.ToString());

    /// <summary>Takes note of a use that was noted elsewhere.</summary>
    public void NoteUseElsewhere(DateTimeOffset? at)
    {
        var noted = Volatile.Read(ref _lastUsed);
        if (at?.ToUnixTimeMilliseconds() is { } milliseconds && milliseconds > noted)
            Interlocked.CompareExchange(ref _lastUsed, milliseconds, noted);
    }

    /// <summary>Takes note of a use; true when the last one noted is a minute old, for one of all callers at that moment.</summary>
    public bool NoteUse(DateTimeOffset now)
    {
        var noted = Volatile.Read(ref _lastUsed);
        var milliseconds = now.ToUnixTimeMilliseconds();
        return milliseconds - noted >= 60_000 && Interlocked.CompareExchange(ref _lastUsed, milliseconds, noted) == noted;
    }
}
