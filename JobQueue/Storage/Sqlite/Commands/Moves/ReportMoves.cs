using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Events;
using JobQueue.Jobs.Model;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Moves;

/// <summary>Keeps what attempts say. Runs inside the writer's transaction.</summary>
internal static class ReportMoves
{
    public static void Keep(this WriteContext context, Lease lease, AttemptReport report)
    {
        var (progress, lines) = report;
        context.Log(lease, lines);
        if (progress is not null)
            context.Sql.ProgressLease.Bind(lease.Token.Job).Bind(lease.Token.Secret).Bind(progress.Percent).Bind(progress.Message)
                .RunOne("lease of job", lease.Token.Job);
        if (progress is not null || lines.Count > 0)
            context.Events.Add(JobMoves.Event(lease, JobEventKind.Progress, JobStatus.Running, context.Now) with { Progress = progress });
    }

    /// <summary>An attempt that says too much is told so in its own log, once.</summary>
    private static void Log(this WriteContext context, Lease lease, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
            return;
        var soFar = lease.LogLines ?? context.CountLines(lease);
        for (var i = 0; i < lines.Count && soFar <= JobText.MaxLogLines; i++)
        {
            var text = ++soFar > JobText.MaxLogLines ? JobText.LogLimit : JobText.Kept(lines[i], JobText.MaxLogLine);
            context.Sql.InsertLog.Bind(lease.Token.Job).Bind(context.NowMilliseconds).Bind(lease.Attempt).Bind(text).Run();
        }

        lease.LogLines = soFar;
    }

    private static int CountLines(this WriteContext context, Lease lease)
    {
        var rows = context.Sql.CountLogs.Bind(lease.Token.Job).Bind(lease.Attempt);
        rows.Step();
        var count = rows.Int32(0);
        rows.Reset();
        return count;
    }
}
