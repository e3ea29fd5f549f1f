using JobQueue.Tenants;

namespace JobQueue.Demo;

/// <summary>The demo's tenants.</summary>
/// <param name="Limits"><see langword="null"/> for those that every new tenant gets.</param>
internal sealed record DemoTenant(string Name, TenantLimits? Limits)
{
    public static IReadOnlyList<DemoTenant> All { get; } = [new("acme", null), new("globex", null), new("unlimited", TenantLimits.None)];
}
