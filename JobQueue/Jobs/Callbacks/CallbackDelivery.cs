using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using JobQueue.Jobs.Model;
using JobQueue.Jobs.Submissions;
using JobQueue.Jobs.Targets;

namespace JobQueue.Jobs.Callbacks;

/// <summary>The job that delivers a callback: a call over HTTP like any other, retried and dead-lettered as such. Pure.</summary>
public static class CallbackDelivery
{
    public const string Queue = "callbacks";

    /// <summary>What stands before the id of the job that ended in <see cref="Submission.SubmittedBy"/>.</summary>
    public const string SubmitterPrefix = "callback:";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="ended">With its <see cref="Job.Callback"/>.</param>
    /// <param name="body">What is posted.</param>
    /// <param name="maxRetries">As for a job that does not say.</param>
    public static Submission Of(Job ended, ReadOnlyMemory<byte> body, int maxRetries) => new()
    {
        Tenant = ended.TenantId,
        Type = JobTarget.HttpType,
        Queue = Queue,
        Payload = PayloadOf(ended.Callback!.Url, body),
        MaxRetries = maxRetries,
        SubmittedBy = $"{SubmitterPrefix}{ended.Id}",
        Trace = ended.Trace,
    };

    private static ReadOnlyMemory<byte> PayloadOf(string url, ReadOnlyMemory<byte> body)
    {
        var payload = new ArrayBufferWriter<byte>(body.Length + 128);
        using (var json = new Utf8JsonWriter(payload, Writing))
        {
            json.WriteStartObject();
            json.WriteString("url"u8, url);
            json.WritePropertyName("body"u8);
            json.WriteRawValue(body.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return payload.WrittenMemory;
    }
}
