using JobQueue.Jobs.Events;
using JobQueue.Jobs.Leases;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;
using JobQueue.Storage.Sqlite.Board;
using JobQueue.Storage.Sqlite.Commands.Moves;
using JobQueue.Storage.Sqlite.Writer;

namespace JobQueue.Storage.Sqlite.Commands.Leasing;

/// <summary>
/// A wish for jobs. It is not applied like other commands but stays with the writer, which tries at the end of every batch to
/// fulfil it in the same commit: a worker that waits costs nothing, and a job that comes in is leased without a second flush.
/// </summary>
internal sealed class LeaseCommand(LeaseRequest request)
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<IReadOnlyList<LeasedJob>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private volatile bool _gaveUp;
    private long _bytes;

    public LeaseRequest Request { get; } = request;

    public Task<IReadOnlyList<LeasedJob>> Task => _completion.Task;

    /// <summary>What the transaction under way gives it.</summary>
    public List<LeasedJob> Granted { get; } = [];

    public bool IsGivenUp => Volatile.Read(ref _state) == GivenUp;

    /// <summary>The caller's last word; has no effect once jobs were taken for them.</summary>
    public void GiveUp()
    {
        _gaveUp = true;
        if (Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting)
            _completion.TrySetResult([]);
    }

    /// <summary>Leases what there is, fairest first. The caller may have given up: then nothing is taken.</summary>
    public void Serve(WriteContext context)
    {
        if (!context.Board.Runnable.HasTypeFor(Request))
            return;
        var wanted = Request.Slots + Request.Ahead;
        while (Granted.Count < wanted && _bytes < Request.MaxBytes)
        {
            if (context.Board.Runnable.Pick(Request, ahead: Granted.Count >= Request.Slots) is not { } line)
                return;
            var key = line.Ready.First(context.Sql);
            if (key != line.Head)
            {
                // The first job was cancelled since: now that the line's real head is known, another line may be better.
                line.Head = key;
                continue;
            }

            if (line is Lane { Type: JobTarget.HttpType } lane && TargetOf(context, key.JobId) is { } target && !MayCall(context, lane, target))
            {
                context.SetAside(lane, key, target);
                continue;
            }

            // Only with a job in hand: a wish that is claimed and gets nothing could not be given up any more.
            if (Granted.Count == 0 && Interlocked.CompareExchange(ref _state, Claimed, Waiting) == GivenUp)
                return;
            var job = Read(context, key.JobId);
            line.Ready.Take(key);
            context.Board.RemoveReady(line);
            Granted.Add(Lease(context, line.Home, key, job));
            _bytes += job.Bytes;
            if (line.Count > 0)
                line.Head = line.Ready.First(context.Sql);
            else if (!context.Board.Runnable.HasTypeFor(Request))
                return;
        }
    }

    /// <summary>A rollback took back what was granted: the caller may give up again, or has meanwhile.</summary>
    public void Undo()
    {
        Granted.Clear();
        _bytes = 0;
        Interlocked.CompareExchange(ref _state, Waiting, Claimed);
        if (_gaveUp)
            GiveUp();
    }

    public void Complete() => _completion.TrySetResult(Granted);

    public void Fail(Exception exception) => _completion.TrySetException(exception);

    private static Job Read(WriteContext context, JobId id) =>
        context.Recent.TryTake(id, out var job) ? job
        : JobRowReader.Find(context, id, withTexts: true) ?? throw new BoardMismatchException($"Job {id} is ready and does not exist.");

    private static string? TargetOf(WriteContext context, JobId id) =>
        (context.Recent.Find(id) ?? JobRowReader.Find(context, id, withTexts: false))?.Target;

    private bool MayCall(WriteContext context, Lane lane, string target) => context.Board.Targets.MayCall(
        lane.Tenant, target, Board.Lease.HolderOf(lane.Tenant, Request.Worker.Name, Request.Worker.Process));

    private LeasedJob Lease(WriteContext context, Lane lane, ReadyKey key, Job job)
    {
        var (board, sql, worker) = (context.Board, context.Sql, Request.Worker);
        board.AddPending(lane, -1);
        var timeout = TimeSpan.FromSeconds(job.TimeoutSeconds);
        // The server itself ends an in-process attempt at its timeout; of a remote one only the lease is in its hands.
        var duration = worker.InProcess || Request.Duration < timeout ? Request.Duration : timeout;
        var lease = new Lease
        {
            Token = new LeaseToken(job.Id, context.RandomBits()),
            Lane = lane,
            Worker = worker.Name,
            Process = worker.Process,
            Attempt = job.Attempts + 1,
            Retries = job.Retries,
            MaxRetries = job.MaxRetries,
            Crashes = job.Crashes,
            Priority = job.Priority,
            RunAt = key.DueAt,
            StartedAt = context.Now,
            Trace = job.Trace,
            Target = job.Target,
            Callback = job.Callback,
            Duration = Request.Duration,
            Deadline = context.Time.TicksAfter(context.Timestamp, duration),
            TimeoutAt = context.Time.TicksAfter(context.Timestamp, timeout),
            ExpiresAt = context.Now + duration,
        };
        sql.InsertLease.Bind(job.Id).Bind(lane.Tenant.Id.Value).Bind(lane.Id).Bind(lease.Token.Secret).Bind(lease.Attempt)
            .Bind(lease.Worker).Bind(lease.Process).Bind(context.NowMilliseconds)
            .Bind(lease.ExpiresAt.ToUnixTimeMilliseconds()).Bind((long)Request.Duration.TotalMilliseconds).Run();
        board.AddLease(lease);
        board.BeginsWhenAnswered(lease, context.Timestamp, isNew: true);
        var waited = Math.Max(0, context.NowMilliseconds - key.DueAt);
        lane.Happened.Started++;
        lane.Happened.WaitMilliseconds += waited;
        context.Events.Add(JobMoves.Event(
            lease, JobEventKind.Started, JobStatus.Running, context.Now, wait: TimeSpan.FromMilliseconds(waited)));
        return new LeasedJob(lease.Token, lease.ExpiresAt, job with
        {
            Status = JobStatus.Running,
            WaitingFor = null,
            Attempts = lease.Attempt,
            StartedAt = context.Now,
            Worker = lease.Worker,
            LeaseExpiresAt = lease.ExpiresAt,
            Error = null,
        });
    }
}
