using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using JobQueue.Api.Memory;
using JobQueue.Api.Problems;
using JobQueue.Jobs;
using JobQueue.Jobs.Submissions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RequestDecompression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace JobQueue.Api.Requests;

/// <summary>
/// Reads request bodies whole, in one buffer, and no larger than <c>Jobs:MaxBodyMegabytes</c>; those that come at once are
/// bounded together. What came compressed is counted as what it unpacks to. Thread-safe.
/// </summary>
internal sealed class RequestBody(
    IOptions<JobsOptions> options,
    CallMemory memory,
    IRequestDecompressionProvider codings,
    IOptions<RequestDecompressionOptions> decompression,
    TimeProvider time)
{
    /// <summary>Beyond this the connection is cut.</summary>
    private const long MaxDropped = 256L << 20;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly int _maxMegabytes = options.Value.MaxBodyMegabytes;
    private readonly long _maxBytes = options.Value.MaxBodyMegabytes * 1_048_576L;
    private readonly string _taken = string.Join(", ", decompression.Value.DecompressionProviders.Keys.Order(StringComparer.Ordinal));

    /// <param name="optional">Whether no body, or the body <c>null</c>, reads as <c>{}</c>.</param>
    /// <param name="mend">Whether bytes that are not UTF-8 become U+FFFD instead of an error: for a report that must not be lost.</param>
    /// <param name="refusable">Whether it may be refused when too many bodies come at once: not when it ends what is under way.</param>
    public ValueTask<Parsed<T>> ReadAsync<T>(
        HttpContext context, BodyReader<T> read, bool optional = false, bool mend = false, bool refusable = true)
    {
        var request = context.Request;
        return request.Headers.ContentEncoding.Count == 0
            ? ReadAsync(context, request.BodyReader, read, optional, mend, refusable)
            : ReadPackedAsync(context, read, optional, mend, refusable);
    }

    private async ValueTask<Parsed<T>> ReadPackedAsync<T>(HttpContext context, BodyReader<T> read, bool optional, bool mend, bool refusable)
    {
        var request = context.Request;
        var coding = request.Headers.ContentEncoding.ToString();
        var (packed, wire) = (request.Body, request.BodyReader);
        await using var unpacked = codings.GetDecompressionStream(context);
        if (unpacked is null)
            return new(default, await RefuseAsync(request, wire, Problem.UnsupportedCoding(coding, _taken), context.RequestAborted));
        try
        {
            request.Body = unpacked;
            return await ReadAsync(context, wire, read, optional, mend, refusable);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // The latter is what the framework's Brotli throws.
            var flaw = Problem.Malformed($"The body is damaged or ends early: it is not what 'Content-Encoding: {coding}' says.");
            return new(default, await RefuseAsync(request, wire, flaw, context.RequestAborted));
        }
        finally
        {
            request.Body = packed;
        }
    }

    /// <param name="wire">The body as it comes.</param>
    private async ValueTask<Parsed<T>> ReadAsync<T>(
        HttpContext context, PipeReader wire, BodyReader<T> read, bool optional, bool mend, bool refusable)
    {
        var request = context.Request;
        var reader = request.BodyReader;
        var isPacked = reader != wire;
        // The framework's own limit cuts the connection, and the caller with it off from the answer.
        if (!isPacked && !(request.ContentLength <= _maxBytes) && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (request.ContentLength > _maxBytes)
            return new(default, await RefuseAsync(request, wire, Problem.BodyTooLarge(_maxMegabytes), context.RequestAborted));
        var isJson = IsJson(request.ContentType);
        if (!isJson && !optional)
            return new(default, Problem.UnsupportedMediaType(request.ContentType));

        var result = await reader.ReadAsync(context.RequestAborted);
        if (result.IsCompleted && result.Buffer.Length <= CallMemory.Small)
        {
            var parsed = ParseWhole(result.Buffer);
            reader.AdvanceTo(result.Buffer.End);
            return parsed;
        }

        var room = memory.Bodies.Open();
        // What is made of the body lives as long as the call.
        context.Response.RegisterForDispose(room);
        using var body = new GatheredBody(room, isPacked ? 0 : request.ContentLength ?? 0, refusable, time, context.RequestAborted);
        try
        {
            while (body.Length + result.Buffer.Length <= _maxBytes)
            {
                await body.AppendAsync(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return ParseWhole(new ReadOnlySequence<byte>(body.Written));
                result = await reader.ReadAsync(body.End);
            }
        }
        catch (NoRoomException full)
        {
            reader.AdvanceTo(result.Buffer.End);
            return new(default, await RefuseAsync(request, wire, Problem.Overloaded(full.Message), context.RequestAborted));
        }
        catch (OperationCanceledException) when (body.IsLate && !context.RequestAborted.IsCancellationRequested)
        {
            throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout);
        }

        reader.AdvanceTo(result.Buffer.End);
        return new(default, await RefuseAsync(request, wire, Problem.BodyTooLarge(_maxMegabytes), context.RequestAborted));

        Parsed<T> ParseWhole(in ReadOnlySequence<byte> whole) =>
            whole.IsEmpty && optional ? Parse("{}"u8, read)
            : !isJson ? new(default, Problem.UnsupportedMediaType(request.ContentType))
            : Parse(whole, read, optional, mend);
    }

    /// <summary>
    /// Refuses what is too large, now or ever. Most clients send their whole body before they read an answer, so the rest is
    /// taken in and dropped, within reason; who asked beforehand (<c>Expect: 100-continue</c>) is told at once.
    /// </summary>
    private static async Task<Problem> RefuseAsync(HttpRequest request, PipeReader wire, Problem problem, CancellationToken cancellationToken)
    {
        if (request.Headers.Expect.Count == 0)
        {
            for (long dropped = 0; dropped <= MaxDropped;)
            {
                var result = await wire.ReadAsync(cancellationToken);
                dropped += result.Buffer.Length;
                wire.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    break;
            }
        }

        return problem;
    }

    /// <summary>JSON is <c>application/json</c> or <c>application/…+json</c>, and UTF-8 if it names a charset.</summary>
    public static bool IsJson(string? contentType)
    {
        // What nearly every client sends, without taking it apart.
        if (contentType is "application/json" or "application/json; charset=utf-8")
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)
            || !type.Type.Equals("application", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!charset.HasValue || charset.Length == 0
                || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads JSON that must be one object; a byte-order mark before it is skipped.</summary>
    public static Parsed<T> Parse<T>(ReadOnlySpan<byte> body, BodyReader<T> read, bool optional = false, bool mend = false)
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        if (optional && (body.IsEmpty || body.Trim(" \t\r\n"u8).SequenceEqual("null"u8)))
            body = "{}"u8;
        if (body.IsEmpty)
            return new(default, Problem.Malformed("The body is empty; a JSON object is needed."));
        var isMended = !Utf8.IsValid(body);
        if (isMended)
        {
            if (!mend)
                return new(default, Problem.Malformed("The body is not valid UTF-8."));
            body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));
        }

        var errors = new FieldErrors();
        try
        {
            var fields = new FieldReader(body, errors) { IsMended = isMended };
            if (!fields.BeginBody())
                return new(default, Problem.Malformed("The body must be a JSON object."));
            var value = read(ref fields);
            fields.EndBody();
            return errors.ToProblem() is { } problem ? new(default, problem) : new(value, null);
        }
        catch (JsonException exception)
        {
            return new(default, Problem.Malformed($"The body is not valid JSON; {JsonFlaw.Sentence(exception, body)}"));
        }
    }

    private static Parsed<T> Parse<T>(in ReadOnlySequence<byte> body, BodyReader<T> read, bool optional, bool mend)
    {
        if (body.IsSingleSegment)
            return Parse(body.FirstSpan, read, optional, mend);
        var rented = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(rented);
            return Parse(rented.AsSpan(0, (int)body.Length), read, optional, mend);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
