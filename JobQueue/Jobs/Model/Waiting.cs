namespace JobQueue.Jobs.Model;

/// <summary>What a pending job waits for. Pure.</summary>
internal static class Waiting
{
    /// <summary>The first reason that holds, in the order of <see cref="WaitingFor"/>.</summary>
    public static WaitingFor For(DateTimeOffset runAt, DateTimeOffset now, int retries, bool queuePaused, bool atTenantLimit)
    {
        if (runAt > now)
            return retries > 0 ? WaitingFor.Retry : WaitingFor.Schedule;
        if (queuePaused)
            return WaitingFor.QueuePaused;
        return atTenantLimit ? WaitingFor.TenantLimit : WaitingFor.Worker;
    }
}
