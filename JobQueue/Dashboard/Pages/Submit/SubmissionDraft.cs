using System.Globalization;
using System.Text;
using JobQueue.Access.Users;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Tenants;

namespace JobQueue.Dashboard.Pages.Submit;

/// <summary>What a person has filled in on the submit page so far.</summary>
internal sealed class SubmissionDraft
{
    public string Type { get; set; } = Submission.DefaultType;
    public string Queue { get; set; } = Submission.DefaultQueue;
    public string Tenant { get; set; } = "";
    public string Payload { get; set; } = "";
    public int Priority { get; set; }

    /// <summary>As the browser's field gives it, taken as UTC; empty for now.</summary>
    public string? RunAt { get; set; }

    public int MaxRetries { get; set; }
    public int TimeoutSeconds { get; set; } = Submission.DefaultTimeoutSeconds;

    /// <summary>Separated by commas.</summary>
    public string? Tags { get; set; }

    public string? IdempotencyKey { get; set; }

    public IReadOnlyList<string> TagList => Tags?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public static SubmissionDraft From(Job job) => new()
    {
        Type = job.Type,
        Queue = job.Queue,
        Tenant = job.Tenant,
        Payload = Encoding.UTF8.GetString(job.Payload.Span),
        Priority = job.Priority,
        MaxRetries = job.MaxRetries,
        TimeoutSeconds = job.TimeoutSeconds,
        Tags = job.Tags.Count == 0 ? null : string.Join(", ", job.Tags),
    };

    /// <summary>What is wrong, by the name of the field as it stands on the page.</summary>
    public IReadOnlyDictionary<string, string> Problems(int maxPayloadKilobytes, DateTimeOffset now)
    {
        var all = new (string Field, string? Problem)[]
        {
            ("Type", Names.Error(Type)),
            ("Queue", Names.Error(Queue)),
            ("Payload", SubmissionRules.PayloadError(Encoding.UTF8.GetBytes(Payload), maxPayloadKilobytes)),
            ("Priority", SubmissionRules.PriorityError(Priority)),
            ("Run at", RunAtProblem(now)),
            ("Max retries", SubmissionRules.MaxRetriesError(MaxRetries)),
            ("Timeout", SubmissionRules.TimeoutError(TimeoutSeconds)),
            ("Tags", SubmissionRules.TagsError(TagList)),
            ("Idempotency key", string.IsNullOrEmpty(IdempotencyKey) ? null : SubmissionRules.KeyError(IdempotencyKey)),
        };
        return all.Where(pair => pair.Problem is not null).ToDictionary(pair => pair.Field, pair => $"{pair.Field} {pair.Problem}");
    }

    /// <summary>The submission; only when there are no <see cref="Problems"/>.</summary>
    public Submission ToSubmission(TenantId tenant, Viewer viewer)
    {
        var submission = new Submission
        {
            Tenant = tenant,
            Type = Type,
            Queue = Queue,
            Payload = Encoding.UTF8.GetBytes(Payload),
            Priority = Priority,
            RunAt = TryReadRunAt(out var runAt) ? runAt : null,
            MaxRetries = MaxRetries,
            TimeoutSeconds = TimeoutSeconds,
            Tags = TagList,
            IdempotencyKey = string.IsNullOrEmpty(IdempotencyKey) ? null : IdempotencyKey,
            SubmittedBy = viewer.ActorName,
            Trace = TraceParent.CreateNew(),
        };
        return submission.IdempotencyKey is null ? submission : submission with { RequestHash = RequestHash.Of(submission, default) };
    }

    private string? RunAtProblem(DateTimeOffset now) =>
        string.IsNullOrEmpty(RunAt) ? null
        : TryReadRunAt(out var runAt) ? SubmissionRules.RunAtError(runAt, now)
        : "must be a date and a time.";

    private bool TryReadRunAt(out DateTimeOffset runAt) => DateTimeOffset.TryParse(
        RunAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out runAt);
}
