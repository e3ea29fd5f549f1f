using JobQueue.Access.Users;

namespace JobQueue.Access;

/// <summary>An account that exists in the demo alone, where everybody may know its password.</summary>
internal sealed record DemoAccount(string Name, string Password, string Role, string Tenant)
{
    public static IReadOnlyList<DemoAccount> All { get; } =
    [
        new("admin", "admin-demo", Roles.Administrator, "acme"),
        new("operator", "operator-demo", Roles.Operator, "acme"),
        new("member", "member-demo", Roles.Member, "globex"),
    ];
}
