using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using JobQueue.Api.Requests;
using JobQueue.Jobs.Events.Following;

namespace JobQueue.Api.Events;

/// <summary>Events over a WebSocket: one JSON text message for each.</summary>
internal static class EventSocket
{
    /// <summary>A peer that does not answer a ping within this time is gone.</summary>
    private static readonly TimeSpan PongWithin = TimeSpan.FromSeconds(30);

    /// <summary>What the last message of the closing handshake gets.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    /// <summary>Sends until the peer closes, or the call's life or the feed ends.</summary>
    public static async Task RunAsync(HttpContext context, EventFollower follower, CallLife life, TimeProvider time)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = EventStream.CommentEvery,
            KeepAliveTimeout = PongWithin,
        });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(life.End);
        var sending = SendAsync(socket, follower, time, end.Token);
        var receiving = ReceiveAsync(socket, end.Token);
        await Task.WhenAny(sending, receiving);
        await end.CancelAsync();
        await CloseAsync(socket, life, time, feedEnded: await sending);
        await receiving;
    }

    /// <returns>Whether all was told that there was.</returns>
    private static async Task<bool> SendAsync(WebSocket socket, EventFollower follower, TimeProvider time, CancellationToken end)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        try
        {
            while (true)
            {
                var taken = await follower.TakeAsync(end);
                if (taken.Count == 0)
                    return true;
                foreach (var each in taken)
                {
                    buffer.ResetWrittenCount();
                    Write(buffer, each, time);
                    // Not cancelled in the middle of a message: the closing handshake needs a socket that is whole.
                    await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None)
                        .AsTask().WaitAsync(end);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The end of the stream, on either side.
            return false;
        }
    }

    /// <summary>Waits for the peer to close. What it says otherwise is not read: the stream goes one way.</summary>
    private static async Task ReceiveAsync(WebSocket socket, CancellationToken end)
    {
        var buffer = new byte[1_024];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(end)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The end of the stream, on either side.
        }
    }

    private static async Task CloseAsync(WebSocket socket, CallLife life, TimeProvider time, bool feedEnded)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        var (status, reason) = feedEnded ? (WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.")
            : life.HasEnded ? (WebSocketCloseStatus.PolicyViolation, "The token is not valid any more.")
            : (WebSocketCloseStatus.NormalClosure, "");
        using var deadline = new CancellationTokenSource(CloseWithin, time);
        try
        {
            await socket.CloseOutputAsync(status, reason, deadline.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            socket.Abort();
        }
    }

    private static void Write(ArrayBufferWriter<byte> buffer, FollowedEvent each, TimeProvider time)
    {
        using var json = new Utf8JsonWriter(buffer, EventData.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, each.Id);
        json.WriteString("event"u8, EventData.NameOf(each));
        json.WritePropertyName("data"u8);
        EventData.Write(json, each, time);
        json.WriteEndObject();
    }
}
