using System.Text;
using System.Text.Json;
using JobQueue.Jobs.Submissions;

namespace JobQueue.Dashboard.Pages.Submit;

/// <summary>The same request as a line for the shell. Pure.</summary>
internal static class CurlLine
{
    /// <summary>A payload beyond this would bury the line: the line names a file in its place.</summary>
    private const int MaxPayload = 2_000;

    public static string Of(SubmissionDraft draft, string address, int defaultMaxRetries)
    {
        var body = new StringBuilder("{");
        Add("type", draft.Type == Submission.DefaultType ? null : Text(draft.Type));
        Add("queue", draft.Queue == Submission.DefaultQueue ? null : Text(draft.Queue));
        Add("priority", draft.Priority == 0 ? null : $"{draft.Priority}");
        Add("run_at", string.IsNullOrEmpty(draft.RunAt) ? null : Text(draft.RunAt + "Z"));
        Add("max_retries", draft.MaxRetries == defaultMaxRetries ? null : $"{draft.MaxRetries}");
        Add("timeout_seconds", draft.TimeoutSeconds == Submission.DefaultTimeoutSeconds ? null : $"{draft.TimeoutSeconds}");
        Add("tags", draft.TagList.Count == 0 ? null : $"[{string.Join(',', draft.TagList.Select(Text))}]");
        Add("idempotency_key", string.IsNullOrEmpty(draft.IdempotencyKey) ? null : Text(draft.IdempotencyKey));
        Add("payload", draft.Payload.Length > MaxPayload ? "…" : OneLine(draft.Payload));
        body.Append('}');
        return $"curl -X POST {address}jobs \\\n  -H \"Authorization: Bearer $JOBQUEUE_TOKEN\" \\\n  -H 'Content-Type: application/json' \\\n  -d '{body.Replace("'", @"'\''")}'";

        void Add(string name, string? json)
        {
            if (json is null)
                return;
            if (body.Length > 1)
                body.Append(", ");
            body.Append('"').Append(name).Append("\": ").Append(json);
        }
    }

    private static string Text(string value) => $"\"{JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>Line breaks of JSON outside strings are layout; inside strings there are none.</summary>
    private static string OneLine(string json) =>
        string.Join(' ', json.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
