using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;
using JobQueue.Tenants;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

internal static class Leases
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A gap this long since leases were last looked at means that the whole process stood still, and its clients' calls with
    /// it: then nothing has run out, whether the reaper or the client comes first.
    /// </summary>
    public static bool StoodStill(WriteContext context) =>
        context.Board.LastReaped is { } last && context.Time.GetElapsedTime(last, context.Timestamp) > Frozen;

    /// <summary>The caller's current lease, or null: it was never theirs, was settled, or had run out when they called.</summary>
    /// <param name="arrived">A call counts by its arrival: how long the disk keeps it waiting is not the caller's fault.</param>
    public static Lease? Current(WriteContext context, LeaseToken token, TenantId? scope, long arrived)
    {
        if (context.Board.FindLease(token) is not { } lease || (scope is { } tenant && lease.Lane.Tenant.Id != tenant))
            return null;
        if (lease.InProcess || lease.Deadline > arrived)
            return lease;
        return StoodStill(context) && lease.TimeoutAt > arrived ? lease : null;
    }

    public static void Extend(WriteContext context, Lease lease, TimeSpan duration)
    {
        lease.Duration = duration;
        lease.SetDeadline(context.Time.TicksAfter(context.Timestamp, duration));
        context.Board.BeginsWhenAnswered(lease, context.Timestamp, isNew: false);
        Show(context, lease);
    }

    /// <summary>Keeps the deadline for people to read.</summary>
    public static void Show(WriteContext context, Lease lease)
    {
        lease.ExpiresAt = context.Now + context.Time.GetElapsedTime(context.Timestamp, lease.Deadline);
        context.Sql.ExtendLease.Bind(lease.Token.Job).Bind(lease.Token.Secret).Bind(lease.ExpiresAt.ToUnixTimeMilliseconds())
            .Bind((long)lease.Duration.TotalMilliseconds).RunOne("lease of job", lease.Token.Job);
    }

    /// <summary>
    /// Ends a lease whose holder is silent: as a timeout when the attempt's time is up, else as a crash. Among the suspects that
    /// one holder had at once none can be told to be the guilty one.
    /// </summary>
    public static void Expire(WriteContext context, Lease lease, IReadOnlyCollection<Lease> together, long now)
    {
        var onlySuspect = together.Count(other => other.Suspect && other.Holder == lease.Holder) <= 1;
        JobOutcome outcome = !lease.InProcess && lease.TimeoutAt <= now
            ? new JobOutcome.Failed(new JobError("The attempt took longer than its timeout.", JobErrors.Timeout))
            : new JobOutcome.Crashed();
        context.Settle(lease, outcome, onlySuspect);
    }
}
