using JobQueue.Jobs.Model;

namespace JobQueue.Storage.Sqlite.Board.Targets;

internal static class BoardHoldups
{
    /// <summary>What holds up a job that is due. From any thread.</summary>
    public static Holdups HoldupsOf(this LaneBoard board, TenantState tenant, string queue, string? target) => new(
        board.IsPaused(tenant.Id, queue),
        tenant.Limits.ConcurrencyIsReachedBy(tenant.Running),
        target is not null && board.Targets.IsFull(tenant.Id, target),
        target is not null && board.Targets.Find(tenant.Id, target)?.Breaker is { HasOpened: true });
}
