using JobQueue.Access;

namespace JobQueue.Demo;

/// <summary>A token that exists in the demo alone, where everybody may know it.</summary>
internal sealed record DemoToken(string Tenant, string Secret)
{
    public const string Name = "demo";

    public static DemoToken Acme { get; } = new("acme", "jq_demo_acme_0000000000000000000000000000");

    public static DemoToken Unlimited { get; } = new("unlimited", "jq_demo_unlimited_0000000000000000000000");

    public static IReadOnlyList<DemoToken> All { get; } = [Acme, Unlimited];

    public static IReadOnlyList<string> JobScopes { get; } = [Scopes.JobsSubmit, Scopes.JobsRead, Scopes.JobsManage, Scopes.JobsWork];
}
