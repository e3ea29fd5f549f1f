using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using JobQueue.Access.Signing;
using JobQueue.Handlers.Payloads;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Targets;

namespace JobQueue.Handlers.Http;

/// <summary>The request that a payload asks for. Pure.</summary>
internal static class HttpCall
{
    private const string UserAgent = "JobQueue";
    private const string TextType = "text/plain; charset=utf-8";
    private const string JsonType = "application/json";

    /// <param name="secrets">What it is signed with; none for no signature.</param>
    /// <param name="now">The attempt's time.</param>
    public static HttpRequestMessage Create(HttpRequestPayload payload, Job job, IReadOnlyList<SigningSecret> secrets, DateTimeOffset now)
    {
        if (!HttpCallRules.TryReadUrl(payload.Url, out var uri, out var error))
            throw PayloadFlaws.Refuse($"{PayloadFlaws.Root}.url {error}");
        var (body, type) = BodyOf(payload.Body);
        var request = new HttpRequestMessage(HttpMethod.Parse((payload.Method ?? HttpRequestPayload.DefaultMethod).ToUpperInvariant()), uri);
        if (type is not null)
            request.Content = new ReadOnlyMemoryContent(body);
        foreach (var (name, value) in payload.Headers ?? new Dictionary<string, string>())
            Add(request, name, value);
        AddMissing(request, "Content-Type", type);
        AddMissing(request, "User-Agent", UserAgent);
        AddMissing(request, "Idempotency-Key", job.Id.ToString());
        AddMissing(request, "traceparent", TraceParentOf(job));
        Sign(request, job.Id.ToString(), secrets, now.ToUnixTimeSeconds(), body.Span);
        return request;
    }

    private static void Sign(HttpRequestMessage request, string id, IReadOnlyList<SigningSecret> secrets, long timestamp, ReadOnlySpan<byte> body)
    {
        if (secrets.Count == 0)
            return;
        Add(request, WebhookSignature.IdHeader, id);
        Add(request, WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        Add(request, WebhookSignature.SignatureHeader, WebhookSignature.Of(secrets, id, timestamp, body));
    }

    /// <summary>The bytes to send and their type: a string's text, anything else as the JSON that was submitted.</summary>
    private static (ReadOnlyMemory<byte> Body, string? Type) BodyOf(RawJson? body)
    {
        if (body is not { Utf8: var json })
            return default;
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
            return (json, JsonType);
        var text = new byte[reader.ValueSpan.Length];
        try
        {
            return (text.AsMemory(0, reader.CopyString(text)), TextType);
        }
        catch (InvalidOperationException exception)
        {
            throw PayloadFlaws.Refuse($@"{PayloadFlaws.Root}.body holds half a character (such as \ud800), which is no text.", exception);
        }
    }

    /// <summary>The attempt's own span is the parent of what the target does.</summary>
    private static string TraceParentOf(Job job)
    {
        var span = Activity.Current is { } attempt && attempt.TraceId == job.Trace.TraceId ? attempt.SpanId : job.Trace.ToContext().SpanId;
        return $"00-{job.Trace.TraceId}-{span}-01";
    }

    private static void AddMissing(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null && !Contains(request.Headers, name) && !(request.Content is { } content && Contains(content.Headers, name)))
            Add(request, name, value);
    }

    /// <summary>The framework keeps the headers of a body apart, and with it.</summary>
    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, value))
            (request.Content ??= new ReadOnlyMemoryContent(default)).Headers.TryAddWithoutValidation(name, value);
    }

    private static bool Contains(HttpHeaders headers, string name) => headers.NonValidated.Contains(name);
}
