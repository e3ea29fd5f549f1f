namespace JobQueue.Jobs.Model;

/// <summary>What a pending job waits for. Pure.</summary>
internal static class Waiting
{
    /// <summary>The first reason that holds, in the order of <see cref="WaitingFor"/>.</summary>
    public static WaitingFor For(DateTimeOffset runAt, DateTimeOffset now, int retries, Holdups holdups) => holdups switch
    {
        _ when runAt > now => retries > 0 ? WaitingFor.Retry : WaitingFor.Schedule,
        { QueuePaused: true } => WaitingFor.QueuePaused,
        { AtTenantLimit: true } => WaitingFor.TenantLimit,
        { TargetFull: true } => WaitingFor.QueueLimit,
        { TargetDown: true } => WaitingFor.TargetDown,
        _ => WaitingFor.Worker,
    };
}
