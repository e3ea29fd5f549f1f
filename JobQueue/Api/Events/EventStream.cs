using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Events.Following;
using Microsoft.AspNetCore.Http.Features;

namespace JobQueue.Api.Events;

/// <summary>Events as a text/event-stream (WHATWG HTML, server-sent events).</summary>
/// <remarks>
/// By that standard a client never comes back once it has met a status other than 200. So a server that stops serves its streams
/// until it has told everything, and says before the end when to come back.
/// </remarks>
internal static class EventStream
{
    public const string ContentType = "text/event-stream";
    public const string UnbufferedHeader = "X-Accel-Buffering";

    /// <summary>How often a comment keeps proxies from closing a quiet connection.</summary>
    public static readonly TimeSpan CommentEvery = TimeSpan.FromSeconds(15);

    /// <summary>When to come back after a connection that broke while the server goes on.</summary>
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(2);

    private const int FlushAtBytes = 32 * 1_024;

    /// <summary>Writes until the call's life or the feed ends.</summary>
    /// <param name="restart">When to come back after the feed's end.</param>
    public static async Task RunAsync(HttpContext context, EventFollower follower, CallLife life, TimeProvider time, TimeSpan restart)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers[UnbufferedHeader] = "no"; // nginx would hold events back
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await response.StartAsync(life.End);
            if (HeadCall.Is(context))
                return;
            // An id without data is no event, and yet where a client resumes that is cut off before its first event.
            WriteText(response.BodyWriter, $"id: {follower.StartId}\nretry: {Reconnect.TotalMilliseconds:F0}\n\n");
            await response.BodyWriter.FlushAsync(life.End);
            await WriteAsync(response.BodyWriter, follower, time, life.End);
            WriteText(response.BodyWriter, $"retry: {restart.TotalMilliseconds:F0}\n\n");
            await response.BodyWriter.FlushAsync(life.End);
        }
        catch (OperationCanceledException) when (life.HasEnded)
        {
            // Gone, or not allowed any more: nobody is to come back.
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
                writer.Write(": still here\n"u8);
                if (follower.MoveOn() is { } id)
                    WriteText(writer, $"id: {id}\n");
                writer.Write("\n"u8);
                tick = timer.WaitForNextTickAsync(end).AsTask();
            }
            else
            {
                var taken = await events;
                if (taken.Count == 0)
                    return;
                foreach (var each in taken)
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
        WriteText(writer, $"id: {each.Id}\nevent: {EventData.NameOf(each)}\ndata: ");
        using (var json = new Utf8JsonWriter(writer, EventData.WriterOptions))
            EventData.Write(json, each, time);
        writer.Write("\n\n"u8);
    }

    private static void WriteText(PipeWriter writer, string text) => Encoding.ASCII.GetBytes(text, writer);
}
