using System.ComponentModel.DataAnnotations;

namespace JobQueue.Tenants;

/// <summary>Section <c>Tenants</c>: the limits a new tenant starts with. An empty value means no limit.</summary>
public sealed class TenantsOptions
{
    public const string Section = "Tenants";

    /// <summary>Jobs running at once.</summary>
    [Range(0, 1_000_000)]
    public int? DefaultMaxConcurrent { get; set; } = 5;

    /// <summary>New jobs in any 60 seconds.</summary>
    [Range(0, 100_000_000)]
    public int? DefaultMaxNewPerMinute { get; set; } = 10;

    /// <summary>Jobs waiting at once.</summary>
    [Range(0, 2_000_000_000)]
    public int? DefaultMaxPending { get; set; }

    internal TenantLimits ToLimits() => new(DefaultMaxConcurrent, DefaultMaxNewPerMinute, DefaultMaxPending);
}
