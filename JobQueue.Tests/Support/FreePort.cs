using System.Net;
using System.Net.Sockets;

namespace JobQueue.Tests.Support;

internal static class FreePort
{
    /// <summary>One of 127.0.0.1 that nobody listens on now.</summary>
    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
