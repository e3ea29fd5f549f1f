using System.Net;
using System.Net.ServerSentEvents;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace JobQueue.Tests.Support;

/// <summary>What a client of the stream got.</summary>
internal sealed record StreamedEvent(string Id, string Name, JsonObject Data)
{
    public string JobId => Data["id"]!.GetValue<string>();
}

/// <summary>A client that follows events, whichever way. Disposing it cuts it off.</summary>
internal interface IEventClient : IAsyncDisposable
{
    /// <summary>Where the stream began, as the answer's header says.</summary>
    string StartId { get; }

    /// <summary>The next event; <see langword="null"/> when the server has ended the stream.</summary>
    Task<StreamedEvent?> NextAsync();
}

internal static class EventClients
{
    public static async Task<StreamedEvent> NextEventAsync(this IEventClient client) =>
        await client.NextAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The stream ended.");

    public static async Task<IReadOnlyList<StreamedEvent>> NextEventsAsync(this IEventClient client, int count)
    {
        var events = new List<StreamedEvent>();
        while (events.Count < count)
            events.Add(await client.NextEventAsync());
        return events;
    }

    /// <summary>Waits for the server to end the stream, whatever comes before.</summary>
    public static async Task UntilEndAsync(this IEventClient client)
    {
        while (await client.NextAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) is not null)
        {
        }
    }

    /// <summary>Follows as server-sent events or over a WebSocket.</summary>
    public static async Task<IEventClient> FollowAsync(this QueueApp app, string token, bool webSocket, string query = "", string? lastId = null) =>
        webSocket ? await SocketClient.OpenAsync(app, token, query, lastId) : await SseClient.OpenAsync(app, token, query, lastId);
}

/// <summary>Server-sent events, read by the standard library's parser.</summary>
internal sealed class SseClient : IEventClient
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly Channel<StreamedEvent> _events = Channel.CreateUnbounded<StreamedEvent>();
    private readonly CancellationTokenSource _cut = new();
    private readonly Task _reading;

    private SseClient(HttpClient http, HttpResponseMessage response)
    {
        (_http, _response) = (http, response);
        StartId = response.Headers.GetValues("Last-Event-ID").Single();
        _reading = ReadAsync();
    }

    public string StartId { get; }

    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    public static async Task<SseClient> OpenAsync(QueueApp app, string token, string query = "", string? lastId = null)
    {
        var http = app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/events{query}");
        request.Headers.Authorization = new("Bearer", token);
        if (lastId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new SseClient(http, response);
    }

    public async Task<StreamedEvent?> NextAsync() =>
        await _events.Reader.WaitToReadAsync(TestContext.Current.CancellationToken) && _events.Reader.TryRead(out var next) ? next : null;

    public async ValueTask DisposeAsync()
    {
        await _cut.CancelAsync();
        _response.Dispose();
        _http.Dispose();
        await _reading;
        _cut.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await using var stream = await _response.Content.ReadAsStreamAsync(_cut.Token);
            var parser = SseParser.Create(stream);
            await foreach (var item in parser.EnumerateAsync(_cut.Token))
                _events.Writer.TryWrite(new StreamedEvent(item.EventId!, item.EventType, JsonNode.Parse(item.Data)!.AsObject()));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Cut off, by the test or by the server.
        }

        _events.Writer.TryComplete();
    }
}

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
        return new StreamedEvent(message["id"]!.GetValue<string>(), message["event"]!.GetValue<string>(), message["data"]!.AsObject());
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
