using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Board;

/// <summary>A queue that an operator paused.</summary>
internal sealed record PausedQueue(
    TenantId Tenant, string Name, DateTimeOffset PausedAt, string PausedBy, string? Reason, DateTimeOffset? Until);
