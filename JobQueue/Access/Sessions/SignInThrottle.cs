using System.Collections.Concurrent;

namespace JobQueue.Access.Sessions;

/// <summary>
/// Slows down guessing: after a few failures in a row an account takes no try until a wait is over, which doubles with each
/// further failure. In memory alone, so that a restart forgives. Thread-safe.
/// </summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    private const int FreeFailures = 5;

    /// <summary>Names are strangers' input: what is remembered stays bounded.</summary>
    private const int MaxAccounts = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Failures> _accounts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long this account still takes no try; zero when it does.</summary>
    public TimeSpan WaitFor(string name)
    {
        if (!_accounts.TryGetValue(name, out var failures) || failures.Count < FreeFailures)
            return TimeSpan.Zero;
        var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, failures.Count - FreeFailures)));
        var left = failures.Last + wait - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Failed(string name)
    {
        var now = time.GetUtcNow();
        if (_accounts.Count >= MaxAccounts)
            Forget(now);
        _accounts.AddOrUpdate(
            name,
            static (_, at) => new Failures(1, at),
            static (_, before, at) => new Failures(at - before.Last > Memory ? 1 : before.Count + 1, at),
            now);
    }

    public void Succeeded(string name) => _accounts.TryRemove(name, out _);

    private void Forget(DateTimeOffset now)
    {
        foreach (var (name, failures) in _accounts)
        {
            if (now - failures.Last > Memory)
                _accounts.TryRemove(name, out _);
        }

        if (_accounts.Count >= MaxAccounts)
            _accounts.Clear();
    }

    private readonly record struct Failures(int Count, DateTimeOffset Last);
}
