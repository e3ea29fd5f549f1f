using JobQueue.Jobs.Model;
using JobQueue.Jobs.Store;
using JobQueue.Jobs.Targets;
using JobQueue.Queues;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Board.Targets;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite;

/// <summary>Answers from the writer's board, without a wait: one process knows all. Thread-safe.</summary>
internal sealed class SqliteJobBoard(SqliteStoreHost host, TimeProvider time) : IJobBoard, IHoldups
{
    private LaneBoard Board => host.Writer.Board;

    private TimeSpan Elapsed => time.GetElapsedTime(0, time.GetTimestamp());

    public ValueTask<TenantUsage> UsageOfAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new(Board.FindTenant(tenant)?.Usage(time.GetTimestamp()) ?? new TenantUsage(TenantLimits.None, 0, 0, 0, TimeSpan.Zero));

    public ValueTask<IHoldups> HoldupsAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken) => new(this);

    public Holdups Of(TenantId tenant, string queue, string? target) =>
        Board is var board && board.FindTenant(tenant) is { } known ? board.HoldupsOf(known, queue, target) : default;

    public bool MayBegin(Job job)
    {
        var board = Board;
        return !board.IsPaused(job.TenantId, job.Queue)
            && (job.Target is not { } target || board.Targets.Find(job.TenantId, target)?.Breaker?.IsOpenAt(Elapsed) != true);
    }

    public ValueTask<IReadOnlyList<TargetDown>> TargetsDownAsync(TenantId? tenant, CancellationToken cancellationToken) =>
        new([.. Board.Targets.Down(tenant).Select(Describe).OfType<TargetDown>()]);

    public ValueTask<TargetDown?> DownOfAsync(TenantId tenant, string target, CancellationToken cancellationToken) =>
        new(Board.Targets.Find(tenant, target) is { } known ? Describe(known) : null);

    public ValueTask<QueuePause?> PauseOfAsync(TenantId tenant, string queue, CancellationToken cancellationToken) =>
        new(Board.FindPaused(tenant, queue) is { } paused
            ? new QueuePause(paused.PausedAt, paused.PausedBy, paused.Reason, paused.Until)
            : null);

    private TargetDown? Describe(TargetState target) => target.Breaker is { HasOpened: true } breaker
        ? new TargetDown(
            target.Tenant.Id, target.Tenant.Name, target.Name, breaker.Failures, breaker.ErrorType,
            time.GetUtcNow() + (breaker.OpenUntil - Elapsed), target.Waiting)
        : null;
}
