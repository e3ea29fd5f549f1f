using System.Text.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Callbacks;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;
using Microsoft.Extensions.Options;

namespace JobQueue.Api.Jobs;

/// <summary>
/// Reads submissions from request bodies, in one walk over the bytes. What is wrong is collected; a submission is returned only
/// when nothing is. Thread-safe.
/// </summary>
internal sealed class SubmissionReader(IOptions<JobsOptions> jobs, IOptions<RetriesOptions> retries, TimeProvider time)
{
    public const int MaxBatch = 1_000;

    private readonly int _maxPayload = jobs.Value.MaxPayloadKilobytes * 1_024;
    private readonly int _defaultMaxRetries = retries.Value.MaxRetries;

    private enum Field
    {
        Payload,
        Type,
        Queue,
        IdempotencyKey,
        Priority,
        RunAt,
        DelaySeconds,
        MaxRetries,
        TimeoutSeconds,
        Tags,
        Callback,
    }

    private enum CallbackField
    {
        Url,
        On,
    }

    private enum BatchField
    {
        Jobs,
    }

    /// <summary>Reads <c>POST /jobs</c>.</summary>
    /// <param name="headerKey">The key from the request's header.</param>
    public Submission? Read(ref FieldReader body, SubmissionOrigin origin, string? headerKey)
    {
        var seen = new FieldSet();
        byte[]? payload = null;
        string? type = null, queue = null, key = null;
        int? priority = null, maxRetries = null, timeout = null;
        DateTimeOffset? runAt = null;
        TimeSpan? delay = null;
        ReadOnlySpan<byte> delayText = default;
        IReadOnlyList<string> tags = [];
        Callback? callback = null;
        var hasPayload = false;
        while (body.Next(ref seen, out Field field))
        {
            switch (field)
            {
                case Field.Payload:
                    (hasPayload, payload) = (true, body.Json(SubmissionRules.MaxDepth, _maxPayload));
                    break;
                case Field.Type:
                    type = body.Text(Names.Error);
                    break;
                case Field.Queue:
                    queue = body.Text(Names.Error);
                    break;
                case Field.IdempotencyKey:
                    key = body.Text(SubmissionRules.KeyError);
                    break;
                case Field.Priority:
                    priority = body.Integer(SubmissionRules.MinPriority, SubmissionRules.MaxPriority);
                    break;
                case Field.RunAt:
                    runAt = body.Time();
                    if (runAt is { } due && SubmissionRules.RunAtError(due, time.GetUtcNow()) is { } error)
                        body.Fail(error);
                    break;
                case Field.DelaySeconds:
                    delay = body.Number(0, SubmissionRules.MaxDelay.TotalSeconds) is { } seconds ? TimeSpan.FromMilliseconds(Math.Round(seconds * 1_000)) : null;
                    delayText = delay is null ? default : body.ValueSpan;
                    break;
                case Field.MaxRetries:
                    maxRetries = body.Integer(0, SubmissionRules.MaxRetries);
                    break;
                case Field.TimeoutSeconds:
                    timeout = body.Integer(1, SubmissionRules.MaxTimeoutSeconds);
                    break;
                case Field.Tags:
                    tags = ReadTags(ref body);
                    break;
                case Field.Callback:
                    callback = ReadCallback(ref body);
                    break;
            }
        }

        if (!hasPayload)
            body.Fail("payload", "is required; any JSON value will do.");
        if (runAt is not null && delay is not null)
        {
            body.Fail("run_at", "must not be given together with delay_seconds.");
            body.Fail("delay_seconds", "must not be given together with run_at.");
        }

        if (headerKey is not null && key is not null && key != headerKey)
            body.Fail("idempotency_key", $"differs from the header {IdempotencyKey.Header}.");
        if (body.Errors.Any)
            return null;

        var submission = new Submission
        {
            Tenant = origin.Tenant,
            Type = type ?? Submission.DefaultType,
            Queue = queue ?? Submission.DefaultQueue,
            Payload = payload,
            IdempotencyKey = key ?? headerKey,
            Priority = priority ?? 0,
            RunAt = runAt,
            Delay = delay,
            MaxRetries = maxRetries ?? _defaultMaxRetries,
            TimeoutSeconds = timeout ?? Submission.DefaultTimeoutSeconds,
            Tags = tags,
            Callback = callback,
            SubmittedBy = origin.SubmittedBy,
            Trace = origin.Trace ?? TraceParent.CreateNew(),
        };
        return submission.IdempotencyKey is null ? submission : Hashed(submission, delayText, maxRetries is null);
    }

    private static Submission Hashed(Submission submission, ReadOnlySpan<byte> delayText, bool retriesLeftOut)
    {
        var hash = RequestHash.Of(submission, delayText);
        if (!retriesLeftOut)
            return submission with { RequestHash = hash };
        var delay = delayText.ToArray();
        return submission with
        {
            RequestHash = hash,
            HashUnderDefault = retries => RequestHash.Of(submission with { MaxRetries = retries }, delay),
        };
    }

    /// <summary>Reads <c>POST /jobs/batch</c>.</summary>
    public IReadOnlyList<Submission> ReadBatch(ref FieldReader body, SubmissionOrigin origin)
    {
        var seen = new FieldSet();
        List<Submission> submissions = [];
        var count = 0;
        while (body.Next(ref seen, out BatchField _))
        {
            if (!body.BeginArray())
                continue;
            // Where each key was first met: the same one twice has no meaning inside one call.
            Dictionary<string, int> keys = new(StringComparer.Ordinal);
            for (; body.NextElement(); count++)
            {
                if (ReadMember(ref body, origin, count) is { } submission)
                {
                    submissions.Add(submission);
                    if (submission.IdempotencyKey is { } key && !keys.TryAdd(key, count))
                        body.Fail($"jobs[{count}].idempotency_key", $"is also the key of jobs[{keys[key]}].");
                }
            }
        }

        if (count is 0 or > MaxBatch && !body.Errors.Has("jobs"))
            body.Fail("jobs", $"must have 1 to {MaxBatch} members, and has {count}.");
        return submissions;
    }

    private Submission? ReadMember(ref FieldReader body, SubmissionOrigin origin, int index)
    {
        if (!body.BeginElement("jobs", index))
            return null;
        body.Path = new FieldPath("jobs", index);
        var submission = Read(ref body, origin, headerKey: null);
        body.Path = default;
        return submission;
    }

    private static Callback? ReadCallback(ref FieldReader body)
    {
        if (!body.BeginObject())
            return null;
        var seen = new FieldSet();
        string? url = null;
        CallbackOn? on = null;
        var outside = body.Path;
        body.Path = outside.Into("callback");
        while (body.Next(ref seen, out CallbackField field))
        {
            if (field == CallbackField.Url)
                url = body.Text(HttpCallRules.UrlError);
            else
                on = body.Word<CallbackOn>();
        }

        if (url is null && !body.Errors.Has(body.Path.To("url")))
            body.Fail("url", "is required: where to post to.");
        body.Path = outside;
        return url is null ? null : new Callback(url, on ?? CallbackOn.Ended);
    }

    private static List<string> ReadTags(ref FieldReader body)
    {
        if (!body.BeginArray())
            return [];
        List<string> tags = [];
        var count = 0;
        for (; body.NextElement(); count++)
        {
            if (body.Kind == JsonTokenType.Null)
                body.Fail("must hold strings only.");
            else if (body.Text(SubmissionRules.TagError) is { } tag)
                tags.Add(tag);
        }

        if (SubmissionRules.TagCountError(count) is { } error)
            body.Fail(error);
        return tags;
    }
}
