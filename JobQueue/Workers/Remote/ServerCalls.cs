using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JobQueue.Jobs.Targets;

namespace JobQueue.Workers.Remote;

/// <summary>
/// Calls of the server's API, repeated with growing pauses until they are answered: a server that restarts, or a network that
/// fails for a while, costs time and nothing else. Thread-safe.
/// </summary>
internal sealed class ServerCalls : IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a wish to wait is followed: what stands before a server may ask for years.</summary>
    private static readonly TimeSpan LongestWish = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerCalls> _logger;
    private int _unreachable;

    public ServerCalls(ServerOptions server, TimeProvider time, ILogger<ServerCalls> logger)
    {
        (_address, _time, _logger) = (server.Address, time, logger);
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = ConnectWithin,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // a server that moved is found again
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            BaseAddress = server.Address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
    }

    /// <summary>Posts a body and answers what came back with 200; <see langword="null"/> for 409, a lost lease.</summary>
    /// <param name="path">Below the server's address.</param>
    /// <param name="body">JSON.</param>
    /// <param name="serverWaits">How long the server itself may wait before it answers.</param>
    /// <exception cref="ServerRefusedException">Any other answer that coming again does not change.</exception>
    public async Task<TAnswer?> PostAsync<TAnswer>(
        string path, ReadOnlyMemory<byte> body, JsonTypeInfo<TAnswer> type, TimeSpan serverWaits, CancellationToken cancellationToken)
        where TAnswer : class
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var wait = pause;
            try
            {
                var answer = await SendAsync(path, body, serverWaits, cancellationToken);
                if (!IsPassing(answer.Status))
                {
                    if (Interlocked.Exchange(ref _unreachable, 0) == 1)
                        RemoteLog.Reachable(_logger, _address);
                    return Read(answer, type);
                }

                wait = Longer(pause, answer.RetryAfter);
                NoteUnreachable($"it answered {(int)answer.Status}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or TimeoutException)
            {
                NoteUnreachable(exception.Message);
            }

            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Sends once. An answer that has begun is read to its end even if it is not wanted any more: it may hold leases.</summary>
    private async Task<Answer> SendAsync(string path, ReadOnlyMemory<byte> body, TimeSpan serverWaits, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        using var deadline = new CancellationTokenSource(serverWaits + AnswerWithin, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new Answer(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                RetryAfter.Of(response.Headers, _time.GetUtcNow()),
                await response.Content.ReadAsByteArrayAsync(deadline.Token));
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException("it did not answer in time");
        }
    }

    private static TAnswer? Read<TAnswer>(Answer answer, JsonTypeInfo<TAnswer> type)
        where TAnswer : class => answer.Status switch
        {
            HttpStatusCode.OK => JsonSerializer.Deserialize(answer.Body, type),
            HttpStatusCode.Conflict => null,
            _ => throw new ServerRefusedException((int)answer.Status, DetailOf(answer)),
        };

    /// <summary>What the server says in its problem document (RFC 9457), or a sentence with its status where there is none.</summary>
    private static string DetailOf(Answer answer)
    {
        var fallback = $"The server answered {(int)answer.Status} {answer.Status}.";
        if (answer.ContentType != "application/problem+json")
            return fallback;
        try
        {
            return JsonSerializer.Deserialize(answer.Body, RemoteJson.Default.ProblemAnswer)?.Sentence ?? fallback;
        }
        catch (JsonException)
        {
            return fallback;
        }
    }

    private void NoteUnreachable(string reason)
    {
        if (Interlocked.Exchange(ref _unreachable, 1) == 0)
            RemoteLog.Unreachable(_logger, _address, reason);
    }

    private static ByteArrayContent Json(ReadOnlyMemory<byte> body) =>
        new(body.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>The server is stopping, busy or broken, or something before it is: that may pass.</summary>
    private static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500;

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) =>
        asked is { } wish && wish > pause ? (wish < LongestWish ? wish : LongestWish) : pause;

    private sealed record Answer(HttpStatusCode Status, string? ContentType, TimeSpan? RetryAfter, byte[] Body);
}
