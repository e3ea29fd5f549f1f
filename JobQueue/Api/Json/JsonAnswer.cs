using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace JobQueue.Api.Json;

/// <summary>
/// Writes an answer in one piece with its length, from a buffer that the thread keeps: the cheapest way through the server.
/// </summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";

    /// <summary>A buffer that had to grow beyond this for one large answer is not kept.</summary>
    private const int LargestKept = 1 << 20;

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <returns>Completed where the connection had ended before it took the whole answer.</returns>
    public static Task<FlushResult> WriteAsync<T>(
        HttpContext context, int status, T body, JsonTypeInfo<T> type, string contentType = ContentType)
    {
        var scratch = _scratch ??= new Scratch();
        scratch.Buffer.ResetWrittenCount();
        scratch.Writer.Reset(scratch.Buffer);
        JsonSerializer.Serialize(scratch.Writer, body, type);
        scratch.Writer.Flush();
        var written = scratch.Buffer.WrittenSpan;

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = written.Length;
        response.BodyWriter.Write(written);
        if (written.Length > LargestKept)
            _scratch = null;
        return response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    private sealed class Scratch
    {
        public ArrayBufferWriter<byte> Buffer { get; } = new(4096);

        public Utf8JsonWriter Writer { get; } = new(Stream.Null, new JsonWriterOptions
        {
            Encoder = ApiJson.Instance.Options.Encoder,
            SkipValidation = true,
        });
    }
}
