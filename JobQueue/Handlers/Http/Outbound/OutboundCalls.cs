using System.Text;

namespace JobQueue.Handlers.Http.Outbound;

/// <summary>
/// Sends the calls of jobs: no proxy, no cookies, no redirects, nothing unpacked, every size and time bounded, and connections from
/// the guard alone. Thread-safe.
/// </summary>
internal sealed class OutboundCalls(AddressGuard guard) : IDisposable
{
    public static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);

    private const int MaxHeadersKilobytes = 16;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        // With a proxy in between the guard would see the proxy's address.
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectCallback = guard.ConnectAsync,
        ConnectTimeout = ConnectWithin,
        MaxResponseHeadersLength = MaxHeadersKilobytes,
        // What is left of an answer is read to its end only where that costs less than a new connection.
        MaxResponseDrainSize = 64 << 10,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2), // a name that leads elsewhere is followed
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        // The calls carry the trace by themselves, where their payload does not.
        ActivityHeadersPropagator = null,
    });

    /// <summary>Ends when the answer's headers are there. The caller disposes the answer.</summary>
    /// <exception cref="HttpRequestException">There is no answer; the inner exception is the guard's where it refused.</exception>
    /// <exception cref="OperationCanceledException">The token, or the connection took too long.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    public void Dispose() => _http.Dispose();
}
