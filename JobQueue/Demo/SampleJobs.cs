using System.Text;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Storage.Model;
using JobQueue.Storage.Model.Jobs;
using JobQueue.Storage.Model.Tenants;

namespace JobQueue.Demo;

/// <summary>
/// What lies in <c>jobs.db.sample</c>: two tenants with a morning's work behind them. Done, failed and scheduled jobs, dead
/// letters of several kinds; nothing that runs or waits to run. The same at every run.
/// </summary>
internal sealed class SampleJobs
{
    /// <summary>About when the newest event happened; a copy is moved to the present.</summary>
    private static readonly DateTimeOffset NewestEvent = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private const int Jobs = 420;
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(110);

    private static readonly Kind[] Kinds =
    [
        new("acme", "mail", "echo", 34, 40, i => $$"""{"to":"customer{{i}}@example.com","template":"welcome","locale":"{{(i % 3 == 0 ? "de" : "en")}}"}"""),
        new("acme", "images", "image.resize", 22, 900, i => $$"""{"source":"s3://uploads/{{i}}.jpg","widths":[320,640,1280]}"""),
        new("acme", "reports", "report.build", 8, 6500, i => $$"""{"report":"daily-sales","day":"2026-01-0{{1 + (i % 5)}}"}"""),
        new("globex", "invoices", "invoice.render", 20, 320, i => $$"""{"invoice":{{4000 + i}},"amount":{{19 + (i % 80)}}.90,"currency":"EUR"}"""),
        new("globex", "default", "echo", 10, 4, i => $$"""{"event":"order.placed","order":{{90_000 + i}}}"""),
        new("globex", "sync", "crm.sync", 6, 2200, i => $$"""{"account":"G-{{100 + i}}","full":false}"""),
    ];

    private static readonly Failure[] Failures =
    [
        new(1, FailReason.RetriesExhausted, "StorageException", i => $"The object store answered 503 for uploads/{i}.jpg: slow down", 5),
        new(1, FailReason.PermanentError, "ImageFormatException", i => $"s3://uploads/{i}.jpg is not an image", 0),
        new(3, FailReason.RetriesExhausted, "timeout", i => $"Rendering invoice {4000 + i} took longer than 300 s", 3),
        new(3, FailReason.PermanentError, "TemplateNotFoundException", _ => "The template 'invoice-v7' does not exist", 0),
        new(5, FailReason.RetriesExhausted, "HttpRequestException", _ => "Connection refused (crm.example.com:443)", 4),
        new(2, FailReason.Poison, JobTransitions.CrashErrorType, _ => "The process that ran this job died 3 times while it ran.", 0),
    ];

    private readonly Random _random = new(20_260_105);
    private readonly List<object> _rows = [];
    private readonly Dictionary<string, TenantRow> _tenants = [];
    private readonly Dictionary<(string, string, string), LaneRow> _lanes = [];
    private readonly Dictionary<(int, int), MinuteRow> _minutes = [];

    private SampleJobs()
    {
    }

    /// <summary>The rows to fill a new database with.</summary>
    public static IReadOnlyList<object> Rows()
    {
        var sample = new SampleJobs();
        sample.Fill();
        return sample._rows;
    }

    private void Fill()
    {
        foreach (var name in DemoTenant.All.Where(tenant => tenant.Limits is null).Select(tenant => tenant.Name))
        {
            _tenants[name] = new TenantRow
            {
                Id = _tenants.Count + 1,
                Name = name,
                MaxConcurrent = 5,
                MaxNewPerMinute = 10,
                CreatedAt = NewestEvent.AddDays(-20),
            };
        }

        _rows.AddRange(_tenants.Values);
        for (var i = 0; i < Jobs; i++)
        {
            // Denser towards the end, and nothing in the last minutes but what is long done.
            var age = Span * (1 - Math.Sqrt((i + _random.NextDouble()) / Jobs));
            Ended(i, NewestEvent - age - TimeSpan.FromSeconds(40));
        }

        for (var i = 0; i < 14; i++)
            Scheduled(Jobs + i, NewestEvent - TimeSpan.FromMinutes(30 - i), NewestEvent + TimeSpan.FromMinutes(45 + (i * 97)));
        _rows.AddRange(_minutes.Values);
    }

    private void Ended(int i, DateTimeOffset created)
    {
        var failure = i % 11 == 5 ? Failures[i / 11 % Failures.Length] : null;
        var kind = failure is null ? Pick() : Kinds[failure.Kind];
        var lane = LaneFor(kind);
        var job = NewJob(i, kind, lane, created, created);
        var started = created + TimeSpan.FromMilliseconds(_random.Next(2, 400));
        Minute(lane, created).Submitted++;
        Count(Minute(lane, started), started - created);
        var run = TimeSpan.FromMilliseconds(kind.Milliseconds * (0.6 + _random.NextDouble()));
        if (failure is null)
            Done(job, lane, started, run);
        else
            Failed(i, job, lane, failure, started, run);
        _rows.Add(job);
    }

    private void Done(JobRow job, LaneRow lane, DateTimeOffset started, TimeSpan run)
    {
        (job.Status, job.Attempts, job.StartedAt, job.FinishedAt, job.Worker) = (JobStatus.Done, 1, started, started + run, "demo:4711");
        job.Result = job.Payload.Length % 2 == 0 ? job.Payload : """{"ok":true}"""u8.ToArray();
        lane.Done++;
        var minute = Minute(lane, started + run);
        minute.Done++;
        minute.RunMilliseconds += (long)run.TotalMilliseconds;
    }

    private void Failed(int i, JobRow job, LaneRow lane, Failure failure, DateTimeOffset started, TimeSpan run)
    {
        var message = failure.Message(i);
        var attempts = failure.Reason == FailReason.Poison ? 3 : failure.Retries + 1;
        job.MaxRetries = Math.Max(failure.Retries, job.MaxRetries);
        for (var number = 1; number <= attempts; number++)
        {
            var ended = started + run;
            if (ended > NewestEvent)
                ended = NewestEvent;
            _rows.Add(new AttemptRow
            {
                JobId = job.Id,
                Number = number,
                Worker = "demo:4711",
                StartedAt = started,
                FinishedAt = ended,
                Outcome = failure.Reason == FailReason.Poison ? AttemptOutcome.Crashed : AttemptOutcome.Failed,
                ErrorMessage = failure.Reason == FailReason.Poison ? null : message,
                ErrorType = failure.Reason == FailReason.Poison ? null : failure.Type,
            });
            (job.StartedAt, job.FinishedAt, job.Attempts) = (started, ended, number);
            started = ended + TimeSpan.FromSeconds(3);
            if (started > NewestEvent)
                started = NewestEvent;
        }

        (job.Status, job.Reason, job.Worker) = (JobStatus.Failed, failure.Reason, "demo:4711");
        (job.Retries, job.MaxRetries) = (failure.Retries, failure.Reason == FailReason.RetriesExhausted ? failure.Retries : job.MaxRetries);
        job.Crashes = failure.Reason == FailReason.Poison ? 3 : 0;
        (job.ErrorMessage, job.ErrorType) = (message, failure.Type);
        lane.Failed++;
        lane.Dead++;
        Minute(lane, job.FinishedAt!.Value).Failed++;
        _rows.Add(new DeadLetterRow
        {
            JobId = job.Id,
            TenantId = job.TenantId,
            LaneId = lane.Id,
            Reason = failure.Reason,
            ErrorMessage = message,
            ErrorType = failure.Type,
            Fingerprint = Fingerprint.Of(lane.Type, new JobError(message, failure.Type)),
            Attempts = attempts,
            DeadAt = job.FinishedAt.Value,
        });
    }

    private void Scheduled(int i, DateTimeOffset created, DateTimeOffset dueAt)
    {
        // Of a type that runs here, so that it is done when its time comes.
        var kind = i % 2 == 0 ? Kinds[0] : Kinds[4];
        var lane = LaneFor(kind);
        var job = NewJob(i, kind, lane, created, dueAt);
        job.Tags = Tags.Write(["nightly"]);
        lane.Pending++;
        _rows.Add(job);
        _rows.Add(new ScheduledRow { DueAt = dueAt, JobId = job.Id, LaneId = lane.Id, Rank = -job.Priority });
        Minute(lane, created).Submitted++;
    }

    private JobRow NewJob(int i, Kind kind, LaneRow lane, DateTimeOffset created, DateTimeOffset runAt)
    {
        var trace = new byte[16];
        _random.NextBytes(trace);
        return new JobRow
        {
            Id = JobId.Create(created.ToUnixTimeMilliseconds(), i & 0xFFF, (ulong)_random.NextInt64()),
            TenantId = lane.TenantId,
            LaneId = lane.Id,
            MaxRetries = 5,
            TimeoutSeconds = Submission.DefaultTimeoutSeconds,
            Priority = i % 9 == 0 ? 10 : 0,
            RunAt = Whole(runAt),
            CreatedAt = Whole(created),
            Tags = i % 7 == 0 ? Tags.Write(["vip"]) : null,
            TraceId = trace,
            SubmittedBy = i % 5 == 0 ? "user:operator" : "token:shop",
            Payload = Encoding.UTF8.GetBytes(kind.Payload(i)),
        };
    }

    private Kind Pick()
    {
        var point = _random.Next(Kinds.Sum(kind => kind.Share));
        return Kinds.First(kind => (point -= kind.Share) < 0);
    }

    private LaneRow LaneFor(Kind kind)
    {
        if (_lanes.TryGetValue((kind.Tenant, kind.Queue, kind.Type), out var known))
            return known;
        var lane = new LaneRow { Id = _lanes.Count + 1, TenantId = _tenants[kind.Tenant].Id, Queue = kind.Queue, Type = kind.Type };
        _lanes.Add((kind.Tenant, kind.Queue, kind.Type), lane);
        _rows.Add(lane);
        return lane;
    }

    private MinuteRow Minute(LaneRow lane, DateTimeOffset at)
    {
        var minute = (int)(at.ToUnixTimeSeconds() / 60);
        if (!_minutes.TryGetValue((lane.Id, minute), out var row))
            _minutes.Add((lane.Id, minute), row = new MinuteRow { LaneId = lane.Id, Minute = minute });
        return row;
    }

    private static void Count(MinuteRow minute, TimeSpan waited)
    {
        minute.Started++;
        minute.WaitMilliseconds += (long)waited.TotalMilliseconds;
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    private sealed record Kind(string Tenant, string Queue, string Type, int Share, int Milliseconds, Func<int, string> Payload);

    /// <param name="Kind">Of the kinds above, the one that fails so.</param>
    private sealed record Failure(int Kind, FailReason Reason, string Type, Func<int, string> Message, int Retries);
}
