using System.Net.WebSockets;
using System.Text.Json.Nodes;
using JobQueue.Tests.Support.Document;

namespace JobQueue.Tests.Support;

/// <summary>The stream over the standard library's WebSocket.</summary>
internal sealed class SocketClient : IEventClient
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private SocketClient(ClientWebSocket socket) => _socket = socket;

    public string StartId => _socket.HttpResponseHeaders!["Last-Event-ID"].Single();

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<SocketClient> OpenAsync(QueueApp app, string token, string query = "", string? lastId = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        if (lastId is not null)
            query += (query.Length == 0 ? "?" : "&") + $"last_event_id={lastId}";
        await socket.ConnectAsync(new Uri($"ws://{app.Address.Authority}/events{query}"), TestContext.Current.CancellationToken);
        return new SocketClient(socket);
    }

    public async Task<StreamedEvent?> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(length), TestContext.Current.CancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            length += part.Count;
            if (part.EndOfMessage)
                break;
        }

        var message = JsonNode.Parse(_buffer.AsSpan(0, length))!.AsObject();
        return await DocumentedEvents.HoldAsync(
            new StreamedEvent(message["id"]!.GetValue<string>(), message["event"]!.GetValue<string>(), message["data"]!.AsObject()));
    }

    /// <summary>Says goodbye as the protocol wants it.</summary>
    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
