using System.Net;
using System.Net.Sockets;

namespace JobQueue.Access.Sessions;

/// <summary>What a try to sign in counts for.</summary>
/// <param name="Name">The account's, as it is compared.</param>
/// <param name="From">The address, or of IPv6 the network.</param>
internal readonly record struct SignInTry(string Name, IPAddress From)
{
    /// <summary>Of one account from one address.</summary>
    public static readonly TryRate OfAccount = new(5, TimeSpan.FromMinutes(1));

    /// <summary>Of one address.</summary>
    public static readonly TryRate OfAddress = new(30, TimeSpan.FromSeconds(2));

    public static SignInTry Of(string name, IPAddress? address) => new(name.ToUpperInvariant(), Network(address));

    /// <summary>Who has an IPv6 address has 2^64 of them: the network counts.</summary>
    private static IPAddress Network(IPAddress? address)
    {
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
