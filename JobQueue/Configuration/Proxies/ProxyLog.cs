using System.Net;

namespace JobQueue.Configuration.Proxies;

internal static partial class ProxyLog
{
    [LoggerMessage(
        EventId = 1701,
        Level = LogLevel.Warning,
        Message = "{Header} came from {Peer}, which is no known proxy, and is not believed: neither the caller's address nor https. If that is your proxy, name its network in Proxy:KnownNetworks, such as 10.0.0.0/8. This is said once.")]
    public static partial void NotBelieved(ILogger logger, string header, IPAddress? peer);

    [LoggerMessage(
        EventId = 1702,
        Level = LogLevel.Warning,
        Message = "The X-Forwarded-Prefix {Prefix} of a known proxy is ignored. Allowed: {Allowed}")]
    public static partial void PrefixIgnored(ILogger logger, string prefix, string allowed);
}
