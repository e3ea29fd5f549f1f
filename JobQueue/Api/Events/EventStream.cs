using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Events;
using Microsoft.AspNetCore.Http.Features;

namespace JobQueue.Api.Events;

/// <summary>Events as a text/event-stream (WHATWG HTML, server-sent events).</summary>
internal static class EventStream
{
    public const string ContentType = "text/event-stream";
    public const string UnbufferedHeader = "X-Accel-Buffering";

    /// <summary>How often a comment keeps proxies from closing a quiet connection.</summary>
    public static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    private const int FlushAtBytes = 32 * 1_024;

    /// <summary>Writes until the call's life ends.</summary>
    public static async Task RunAsync(HttpContext context, EventFollower follower, CallLife life, TimeProvider time)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers[UnbufferedHeader] = "no"; // nginx would hold events back
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await response.StartAsync(life.End);
            await response.BodyWriter.FlushAsync(life.End);
            await WriteAsync(response.BodyWriter, follower, time, life.End);
        }
        catch (OperationCanceledException) when (life.HasEnded)
        {
            // The stream has no other end than this one.
        }
    }

    private static async Task WriteAsync(PipeWriter writer, EventFollower follower, TimeProvider time, CancellationToken end)
    {
        using var timer = new PeriodicTimer(CommentEvery, time);
        var events = follower.TakeAsync(end).AsTask();
        var tick = timer.WaitForNextTickAsync(end).AsTask();
        while (true)
        {
            if (await Task.WhenAny(events, tick) == tick)
            {
                await tick;
                writer.Write(": still here\n\n"u8);
                tick = timer.WaitForNextTickAsync(end).AsTask();
            }
            else
            {
                foreach (var each in await events)
                {
                    Write(writer, each, time);
                    if (writer.UnflushedBytes >= FlushAtBytes)
                        await writer.FlushAsync(end);
                }

                events = follower.TakeAsync(end).AsTask();
            }

            var flushed = await writer.FlushAsync(end);
            if (flushed.IsCompleted)
                return;
        }
    }

    private static void Write(PipeWriter writer, FollowedEvent each, TimeProvider time)
    {
        if (EventData.NameOf(each) is not { } name)
            return;
        Encoding.ASCII.GetBytes($"id: {each.Id}\nevent: {name}\ndata: ", writer);
        using (var json = new Utf8JsonWriter(writer, EventData.WriterOptions))
            EventData.Write(json, each, time);
        writer.Write("\n\n"u8);
    }
}
