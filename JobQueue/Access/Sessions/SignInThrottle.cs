using System.Net;

namespace JobQueue.Access.Sessions;

/// <summary>The throttle of the one process there is. In memory alone: a restart forgives. Thread-safe.</summary>
internal sealed class SignInThrottle(TimeProvider time) : ISignInThrottle
{
    private const int MaxKeys = 10_000;

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly TryAllowance<SignInTry> _accounts = new(SignInTry.OfAccount, MaxKeys);
    private readonly TryAllowance<IPAddress> _addresses = new(SignInTry.OfAddress, MaxKeys);

    public TimeSpan Take(string name, IPAddress? address)
    {
        var account = SignInTry.Of(name, address);
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            var (ofAccount, ofAddress) = (_accounts.WaitAt(now, account), _addresses.WaitAt(now, account.From));
            var wait = ofAccount > ofAddress ? ofAccount : ofAddress;
            if (wait == TimeSpan.Zero)
            {
                _accounts.Take(now, account);
                _addresses.Take(now, account.From);
            }

            return wait;
        }
    }

    public void Forgive(string name, IPAddress? address)
    {
        var account = SignInTry.Of(name, address);
        lock (_lock)
        {
            _accounts.Forgive(account);
            _addresses.GiveBack(account.From);
        }
    }

    public void GiveBack(string name, IPAddress? address)
    {
        var account = SignInTry.Of(name, address);
        lock (_lock)
        {
            _accounts.GiveBack(account);
            _addresses.GiveBack(account.From);
        }
    }

    ValueTask<TimeSpan> ISignInThrottle.TakeAsync(string name, IPAddress? address, CancellationToken cancellationToken) => new(Take(name, address));

    ValueTask ISignInThrottle.ForgiveAsync(string name, IPAddress? address, CancellationToken cancellationToken)
    {
        Forgive(name, address);
        return ValueTask.CompletedTask;
    }

    ValueTask ISignInThrottle.GiveBackAsync(string name, IPAddress? address, CancellationToken cancellationToken)
    {
        GiveBack(name, address);
        return ValueTask.CompletedTask;
    }
}
