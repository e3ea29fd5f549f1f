using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace JobQueue.Configuration.Proxies;

/// <summary>Says once in the log that a proxy hands on what is not believed, because nobody said that the proxy is one.</summary>
internal sealed class UnknownProxies(RequestDelegate next, IOptions<ForwardedHeadersOptions> options, ILogger<UnknownProxies> logger)
{
    private readonly ForwardedHeadersOptions _options = options.Value;
    private int _told;

    public Task InvokeAsync(HttpContext http)
    {
        if (Volatile.Read(ref _told) == 0
            && Forwarded(http.Request.Headers) is { } header
            && !IsKnown(http.Connection.RemoteIpAddress)
            && Interlocked.Exchange(ref _told, 1) == 0)
        {
            ProxyLog.NotBelieved(logger, header, http.Connection.RemoteIpAddress);
        }

        return next(http);
    }

    private static string? Forwarded(IHeaderDictionary headers) =>
        headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName) ? ForwardedHeadersDefaults.XForwardedForHeaderName
        : headers.ContainsKey(ForwardedHeadersDefaults.XForwardedProtoHeaderName) ? ForwardedHeadersDefaults.XForwardedProtoHeaderName
        : headers.ContainsKey(ForwardedHeadersDefaults.XForwardedHostHeaderName) ? ForwardedHeadersDefaults.XForwardedHostHeaderName
        : headers.ContainsKey(ForwardedHeadersDefaults.XForwardedPrefixHeaderName) ? ForwardedHeadersDefaults.XForwardedPrefixHeaderName
        : null;

    /// <summary>As the framework decides it: a peer without an address came over a socket of this machine.</summary>
    private bool IsKnown(IPAddress? peer) => peer is null
        ? _options.KnownIPNetworks.Count > 0
        : _options.KnownIPNetworks.Any(network => network.Contains(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer));
}
