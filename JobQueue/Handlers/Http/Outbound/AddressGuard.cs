using System.Net;
using System.Net.Sockets;
using JobQueue.Jobs.Targets;
using Microsoft.Extensions.Options;

namespace JobQueue.Handlers.Http.Outbound;

/// <summary>
/// Makes the connections of jobs' calls, to public addresses alone. It looks at the address that it dials itself, so neither a
/// spelling, nor a name that leads elsewhere the second time, nor a redirect leads past it. Thread-safe.
/// </summary>
internal sealed class AddressGuard(HostResolver resolve, IOptions<HttpHandlerOptions> options)
{
    /// <summary>What an address gets while there are others to try.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HashSet<(string Host, int Port)> _allowed =
        [.. options.Value.AllowedPrivateHosts.Select(entry => HttpTarget.Of($"http://{entry}")!).Select(target => (target.Host, target.Port))];

    /// <exception cref="BlockedAddressException">Everything that the host's name leads to is no public address, and none is allowed.</exception>
    /// <exception cref="SocketException">The name leads nowhere, or nobody takes the connection.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = HttpTarget.Of(context.InitialRequestMessage.RequestUri!);
        var host = target.Host.Trim('[', ']');
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellationToken);
        var open = found.Select(Plain).Where(address => IsOpen(target, address)).ToList();
        if (found.Length > 0 && open.Count == 0)
            throw new BlockedAddressException(target);
        return await DialAsync(open, target.Port, cancellationToken);
    }

    private bool IsOpen(HttpTarget target, IPAddress address) =>
        _allowed.Contains((target.Host, target.Port))
        || _allowed.Contains((address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString(), target.Port))
        || (PublicAddresses.Contain(address) && !OwnAddresses.Contain(address));

    /// <summary>An address of IPv4 that comes in IPv6's clothes is what it is.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static async Task<Stream> DialAsync(List<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        Exception? last = null;
        for (var i = 0; i < addresses.Count; i++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (i < addresses.Count - 1)
                patience.CancelAfter(Patience);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], port, patience.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception)
            {
                socket.Dispose();
                if (cancellationToken.IsCancellationRequested)
                    throw;
                last = exception;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
