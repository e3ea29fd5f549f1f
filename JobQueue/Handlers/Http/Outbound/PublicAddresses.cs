using System.Net;
using System.Net.Sockets;

namespace JobQueue.Handlers.Http.Outbound;

/// <summary>
/// Which addresses anybody on the internet may be reached at: what the IANA special-purpose registries (RFC 6890) leave over. Pure.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special4 = Networks(
        "0.0.0.0/8",        // this host
        "10.0.0.0/8",       // private
        "100.64.0.0/10",    // shared, behind a carrier's translation
        "127.0.0.0/8",      // loopback
        "168.63.129.16/32", // the host below a virtual machine in Azure
        "169.254.0.0/16",   // link-local, metadata of clouds
        "172.16.0.0/12",    // private
        "192.0.0.0/24",     // protocol assignments
        "192.0.2.0/24",     // documentation
        "192.88.99.0/24",   // relays of 6to4
        "192.168.0.0/16",   // private
        "198.18.0.0/15",    // benchmarking
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",   // documentation
        "224.0.0.0/4",      // multicast
        "240.0.0.0/4");     // reserved, broadcast

    /// <summary>
    /// All that is given out; around it lie loopback, link-local, local, multicast, and IPv4 in other clothes (compatible, NAT64).
    /// </summary>
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] Special6 = Networks(
        "2001::/23",        // protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",    // documentation
        "2002::/16",        // 6to4
        "3fff::/20");       // documentation

    /// <remarks>A mapped address is taken for the IPv4 one that it is: the framework's networks of IPv6 do not know where it lies.</remarks>
    public static bool Contain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !IsIn(Special4, address)
            : Global6.Contains(address) && !IsIn(Special6, address);
    }

    private static bool IsIn(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] texts) => Array.ConvertAll(texts, IPNetwork.Parse);
}
