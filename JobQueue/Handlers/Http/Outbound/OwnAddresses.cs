using System.Net;
using System.Net.Sockets;

namespace JobQueue.Handlers.Http.Outbound;

/// <summary>
/// Which addresses are this machine's own, public ones too: the server itself listens there, and who calls from its own machine is
/// often believed.
/// </summary>
internal static class OwnAddresses
{
    /// <summary>Asks the routing table, which sends what is for ourselves from that very address. No packet leaves.</summary>
    public static bool Contain(IPAddress address)
    {
        const int anyPort = 9;
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(address, anyPort);
            return socket.LocalEndPoint is IPEndPoint local && local.Address.Equals(address);
        }
        catch (SocketException)
        {
            // There is no way to it, so it cannot be ours.
            return false;
        }
    }
}
