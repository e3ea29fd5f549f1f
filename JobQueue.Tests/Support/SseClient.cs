using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using JobQueue.Tests.Support.Document;

namespace JobQueue.Tests.Support;

/// <summary>Server-sent events, read by the standard library's parser.</summary>
internal sealed class SseClient : IEventClient
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly Channel<StreamedEvent> _events = Channel.CreateUnbounded<StreamedEvent>();
    private readonly CancellationTokenSource _cut = new();
    private readonly Task _reading;
    private SseParser<string>? _parser;

    private SseClient(HttpClient http, HttpResponseMessage response)
    {
        (_http, _response) = (http, response);
        StartId = response.Headers.GetValues("Last-Event-ID").Single();
        _reading = ReadAsync();
    }

    public string StartId { get; }

    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    /// <summary>When the server wants it back, should the stream end.</summary>
    public TimeSpan? ReconnectsAfter => _parser?.ReconnectionInterval;

    /// <summary>Where it would resume: the last id that came, with an event or without.</summary>
    public string? LastId => _parser?.LastEventId;

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
        await _events.Reader.WaitToReadAsync(TestContext.Current.CancellationToken) && _events.Reader.TryRead(out var next) ? await DocumentedEvents.HoldAsync(next) : null;

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
            _parser = SseParser.Create(stream);
            await foreach (var item in _parser.EnumerateAsync(_cut.Token))
                _events.Writer.TryWrite(new StreamedEvent(item.EventId!, item.EventType, JsonNode.Parse(item.Data)!.AsObject()));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Cut off, by the test or by the server.
        }

        _events.Writer.TryComplete();
    }
}
