using System.Net;

namespace JobQueue.Handlers.Http.Outbound;

/// <summary>The addresses of a host's name, as <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/> answers them.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);
