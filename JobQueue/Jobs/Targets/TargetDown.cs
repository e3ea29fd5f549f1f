using JobQueue.Tenants;

namespace JobQueue.Jobs.Targets;

/// <summary>A target that is left alone because it failed a tenant.</summary>
/// <param name="Target">Scheme, host and port.</param>
/// <param name="Failures">In a row.</param>
/// <param name="ErrorType">Of the latest one.</param>
/// <param name="NextProbeAt">When one job will be tried; the past while that one runs.</param>
/// <param name="Waiting">Jobs that were ready and stand aside for it.</param>
public sealed record TargetDown(
    TenantId TenantId, string Tenant, string Target, int Failures, string ErrorType, DateTimeOffset NextProbeAt, int Waiting);
