using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using JobQueue.Access.Users;

namespace JobQueue.Api.Administration;

/// <summary>A tenant with its limits; null is no limit.</summary>
internal sealed record TenantResponse(
    string Name, int? MaxConcurrent, int? MaxNewPerMinute, int? MaxPending, DateTimeOffset CreatedAt)
{
    public static TenantResponse From(Tenant tenant) => new(
        tenant.Name, tenant.Limits.MaxConcurrent, tenant.Limits.MaxNewPerMinute, tenant.Limits.MaxPending, tenant.CreatedAt);
}

/// <summary>Limits to set; null is no limit, an absent field stays as it is.</summary>
internal sealed record TenantRequest
{
    [Description("Jobs running at once; over it jobs wait.")]
    [Range(0, int.MaxValue)]
    public int? MaxConcurrent { get; init; }

    [Description("New jobs in any 60 seconds; over it submissions are refused.")]
    [Range(0, int.MaxValue)]
    public int? MaxNewPerMinute { get; init; }

    [Description("Jobs waiting at once; over it submissions are refused.")]
    [Range(0, int.MaxValue)]
    public int? MaxPending { get; init; }
}
