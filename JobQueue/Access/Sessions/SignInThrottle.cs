using System.Net;
using System.Net.Sockets;

namespace JobQueue.Access.Sessions;

/// <summary>
/// Slows down guessing. A try is counted before its password is looked at, so that a hundred tries at once are as bounded as a
/// hundred in a row. It counts for the account as tried from one address, so that nobody can shut out a person who comes from
/// elsewhere, and for the address over all accounts. Tries spread over many addresses are bounded by the queue before the hash
/// (<see cref="Users.Passwords"/>). In memory alone: a restart forgives. Thread-safe.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    private const int MaxKeys = 10_000;

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly TryAllowance<(string Name, IPAddress From)> _accounts = new(5, TimeSpan.FromMinutes(1), MaxKeys);
    private readonly TryAllowance<IPAddress> _addresses = new(30, TimeSpan.FromSeconds(2), MaxKeys);

    /// <summary>Counts a try. Answers zero, or how long to wait when none is left; then nothing was counted.</summary>
    public TimeSpan Take(string name, IPAddress? address)
    {
        var (account, from) = Keys(name, address);
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            var (ofAccount, ofAddress) = (_accounts.WaitAt(now, account), _addresses.WaitAt(now, from));
            var wait = ofAccount > ofAddress ? ofAccount : ofAddress;
            if (wait == TimeSpan.Zero)
            {
                _accounts.Take(now, account);
                _addresses.Take(now, from);
            }

            return wait;
        }
    }

    /// <summary>The password was right: the account has all its tries back. The address has this one, or guesses would hide behind an own account.</summary>
    public void Forgive(string name, IPAddress? address)
    {
        var (account, from) = Keys(name, address);
        lock (_lock)
        {
            _accounts.Forgive(account);
            _addresses.GiveBack(from);
        }
    }

    /// <summary>The password was not looked at after all.</summary>
    public void GiveBack(string name, IPAddress? address)
    {
        var (account, from) = Keys(name, address);
        lock (_lock)
        {
            _accounts.GiveBack(account);
            _addresses.GiveBack(from);
        }
    }

    private static ((string Name, IPAddress From) Account, IPAddress From) Keys(string name, IPAddress? address)
    {
        var from = Network(address);
        return ((name.ToUpperInvariant(), from), from);
    }

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
