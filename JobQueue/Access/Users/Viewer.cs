using System.Globalization;
using System.Security.Claims;
using JobQueue.Access.Sessions;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Tenants;

namespace JobQueue.Access.Users;

/// <summary>The person who is signed in, as the cookie says.</summary>
/// <param name="Stamp">Void as soon as the user's stamp differs.</param>
public sealed record Viewer(int UserId, string Name, string Role, TenantId TenantId, string Tenant, string Stamp)
{
    private const string TenantIdClaim = "tenant_id";
    private const string TenantClaim = "tenant";
    private const string StampClaim = "stamp";

    /// <summary>Where the browser is.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The one tenant this person sees, or <see langword="null"/> for all.</summary>
    public TenantId? Scope => IsAdministrator ? null : TenantId;

    /// <summary>How the audit log and <c>submitted_by</c> call this person.</summary>
    public string ActorName => $"user:{Name}";

    public bool IsAdministrator => Role == Roles.Administrator;

    /// <summary>Whether this person may requeue, discard, cancel and retry whatever they see.</summary>
    public bool IsOperator => Role is Roles.Operator or Roles.Administrator;

    /// <summary>Whether this person may cancel the job: an operator any in sight, a member their own.</summary>
    public bool MayCancel(Job job) => IsOperator || job.SubmittedBy == ActorName;

    internal Actor ToActor() => new(ActorName, Scope, RemoteAddress);

    internal static Viewer From(User user) => new(user.Id, user.Name, user.Role, user.TenantId, user.Tenant, user.Stamp);

    /// <summary><see langword="null"/> unless this is a principal of ours.</summary>
    public static Viewer? From(ClaimsPrincipal principal)
    {
        if (principal.Identity is not ClaimsIdentity { IsAuthenticated: true, AuthenticationType: SignInCookie.Scheme } identity
            || !TryReadNumber(identity, ClaimTypes.NameIdentifier, out var user)
            || !TryReadNumber(identity, TenantIdClaim, out var tenant)
            || identity.Name is not { } name
            || identity.FindFirst(ClaimTypes.Role)?.Value is not { } role
            || identity.FindFirst(TenantClaim)?.Value is not { } tenantName
            || identity.FindFirst(StampClaim)?.Value is not { } stamp)
        {
            return null;
        }

        return new Viewer(user, name, role, new TenantId(tenant), tenantName, stamp);
    }

    public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, UserId.ToString(CultureInfo.InvariantCulture)),
            new Claim(ClaimTypes.Name, Name),
            new Claim(ClaimTypes.Role, Role),
            new Claim(TenantIdClaim, TenantId.ToString()),
            new Claim(TenantClaim, Tenant),
            new Claim(StampClaim, Stamp),
        ],
        SignInCookie.Scheme));

    private static bool TryReadNumber(ClaimsIdentity identity, string type, out int number) =>
        int.TryParse(identity.FindFirst(type)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
