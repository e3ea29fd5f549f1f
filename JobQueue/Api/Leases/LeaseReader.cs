using System.Text.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Attempts;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Api.Leases;

/// <summary>Reads the bodies of a worker's calls.</summary>
internal static class LeaseReader
{
    public const int MaxJobs = 100;
    public const int MaxNames = 1_000;
    public const int MaxWorkerLength = 200;
    public const double DefaultLeaseSeconds = 30;

    private enum WishField
    {
        Worker,
        Queues,
        Types,
        Max,
        LeaseSeconds,
        WaitSeconds,
    }

    private enum HeartbeatField
    {
        Progress,
        Log,
    }

    private enum ProgressField
    {
        Percent,
        Message,
    }

    private enum AckField
    {
        Result,
    }

    private enum FailField
    {
        Error,
        Retryable,
        RetryAfterSeconds,
    }

    private enum ErrorField
    {
        Message,
        Type,
    }

    public static LeaseWish ReadWish(ref FieldReader body)
    {
        var seen = new FieldSet();
        string? worker = null;
        IReadOnlySet<string>? queues = null, types = null;
        int? max = null;
        double? lease = null, wait = null;
        while (body.Next(ref seen, out WishField field))
        {
            switch (field)
            {
                case WishField.Worker:
                    worker = body.Text(1, MaxWorkerLength);
                    break;
                case WishField.Queues:
                    queues = ReadNames(ref body);
                    break;
                case WishField.Types:
                    types = ReadNames(ref body);
                    break;
                case WishField.Max:
                    max = body.Integer(1, MaxJobs);
                    break;
                case WishField.LeaseSeconds:
                    lease = body.Number(5, 3_600);
                    break;
                case WishField.WaitSeconds:
                    wait = body.Number(0, 30);
                    break;
            }
        }

        if (worker is null && !body.Errors.Has(body.Path.To("worker")))
            body.Fail("worker", "is required: the worker's name.");
        return new LeaseWish(
            worker ?? "", queues, types, max ?? 1, TimeSpan.FromSeconds(lease ?? DefaultLeaseSeconds), TimeSpan.FromSeconds(wait ?? 0));
    }

    public static Heartbeat ReadHeartbeat(ref FieldReader body)
    {
        var seen = new FieldSet();
        JobProgress? progress = null;
        string? log = null;
        while (body.Next(ref seen, out HeartbeatField field))
        {
            if (field == HeartbeatField.Progress)
                progress = ReadProgress(ref body);
            else
                log = body.ReportText();
        }

        return new Heartbeat(progress, SplitLines(log));
    }

    /// <summary>The result, which may be a null that somebody sent, or nothing.</summary>
    public static JobOutcome ReadAck(ref FieldReader body, int maxBytes)
    {
        var seen = new FieldSet();
        ReadOnlyMemory<byte>? result = null;
        while (body.Next(ref seen, out AckField _))
        {
            if (body.Json(SubmissionRules.MaxDepth, maxBytes) is { } json)
                result = json;
        }

        return new JobOutcome.Done(result);
    }

    public static JobOutcome ReadFail(ref FieldReader body)
    {
        var seen = new FieldSet();
        JobError? error = null;
        bool? retryable = null;
        double? retryAfter = null;
        while (body.Next(ref seen, out FailField field))
        {
            switch (field)
            {
                case FailField.Error:
                    error = ReadError(ref body);
                    break;
                case FailField.Retryable:
                    retryable = body.Boolean();
                    break;
                case FailField.RetryAfterSeconds:
                    retryAfter = body.Number(0, SubmissionRules.MaxDelaySeconds);
                    break;
            }
        }

        if (error is null && !body.Errors.Any)
            body.Fail("error", "is required: an object with a message, or the message alone.");
        return new JobOutcome.Failed(
            error ?? new JobError("", null), retryable ?? true, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private static HashSet<string>? ReadNames(ref FieldReader body)
    {
        if (!body.BeginArray())
            return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        var valid = true;
        for (; body.NextElement(); count++)
        {
            var name = body.TextOrEmpty();
            valid &= Names.IsValid(name);
            names.Add(name);
        }

        if (!valid)
            body.Fail($"must hold names only: each {Names.Rule}");
        if (count is 0 or > MaxNames)
            body.Fail($"must have 1 to {MaxNames} members; leave it out for all.");
        return names;
    }

    private static JobProgress? ReadProgress(ref FieldReader body)
    {
        if (!body.BeginObject())
            return null;
        var seen = new FieldSet();
        double? percent = null;
        string? message = null;
        var outside = body.Path;
        body.Path = outside.Into("progress");
        while (body.Next(ref seen, out ProgressField field))
        {
            if (field == ProgressField.Percent)
                percent = body.AnyNumber();
            else
                message = body.ReportText();
        }

        body.Path = outside;
        return new JobProgress(percent, message);
    }

    private static JobError? ReadError(ref FieldReader body)
    {
        if (body.Kind == JsonTokenType.String)
            return new JobError(body.ReportText()!, null);
        if (!body.BeginObject())
            return null;
        var seen = new FieldSet();
        string? message = null, type = null;
        var outside = body.Path;
        body.Path = outside.Into("error");
        while (body.Next(ref seen, out ErrorField field))
        {
            if (field == ErrorField.Message)
                message = body.ReportText();
            else
                type = body.ReportText();
        }

        if (message is null && !body.Errors.Has(body.Path.To("message")))
            body.Fail("message", "is required.");
        body.Path = outside;
        return new JobError(message ?? "", type);
    }

    private static List<string> SplitLines(string? log)
    {
        List<string> lines = [];
        if (string.IsNullOrEmpty(log))
            return lines;
        foreach (var line in log.AsSpan().TrimEnd("\r\n").EnumerateLines())
        {
            // One more than is kept, so that the store can say that there was more.
            if (lines.Count > JobText.MaxLogLines)
                break;
            lines.Add(line.ToString());
        }

        return lines;
    }
}
