using JobQueue.Jobs.Store;
using JobQueue.Tenants;

namespace JobQueue.Jobs.Model;

/// <summary>What a pending job waits for. Pure but for the board's snapshot.</summary>
internal static class Waiting
{
    /// <summary>The first reason that holds, in the order of <see cref="WaitingFor"/>.</summary>
    public static WaitingFor For(
        TenantId tenant, string queue, DateTimeOffset runAt, int retries, IJobBoard board, DateTimeOffset now)
    {
        if (runAt > now)
            return retries > 0 ? WaitingFor.Retry : WaitingFor.Schedule;
        if (board.IsPaused(tenant, queue))
            return WaitingFor.QueuePaused;
        return board.UsageOf(tenant).AtConcurrencyLimit ? WaitingFor.TenantLimit : WaitingFor.Worker;
    }
}
