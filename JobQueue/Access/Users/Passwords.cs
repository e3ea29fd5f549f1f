using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace JobQueue.Access.Users;

/// <summary>Turns passwords into hashes (PBKDF2, HMAC-SHA-512) and checks them. Thread-safe.</summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>What OWASP asks of PBKDF2 with HMAC-SHA-512.</summary>
    private const int Iterations = 210_000;

    /// <summary>Who comes when so many wait is told so at once: the last of a longer queue would give up before the turn comes.</summary>
    private const int MaxWaiting = 16;

    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    /// <summary>Hashing is slow on purpose: strangers at the door must not take every core.</summary>
    private readonly SemaphoreSlim _turns;

    /// <summary>Those who may give accounts a password do not queue behind strangers.</summary>
    private readonly SemaphoreSlim _making = new(1);

    private readonly Lazy<string> _hashOfNobody;
    private readonly int _mostAtTheDoor;
    private int _atTheDoor;

    public Passwords()
    {
        var turns = Math.Max(1, Environment.ProcessorCount / 2);
        _turns = new SemaphoreSlim(turns);
        _mostAtTheDoor = turns + MaxWaiting;
        _hashOfNobody = new Lazy<string>(() => _hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));
    }

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => _hasher.HashPassword(Nobody, password), cancellationToken);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Whether the hash is the password's. Takes as long when there is no hash, so that names cannot be guessed by the clock.</summary>
    public async Task<PasswordVerdict> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _atTheDoor) > _mostAtTheDoor)
        {
            Interlocked.Decrement(ref _atTheDoor);
            return PasswordVerdict.Busy;
        }

        try
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                return await Task.Run(() => Verify(hash, password), cancellationToken);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _atTheDoor);
        }
    }

    public void Dispose()
    {
        _turns.Dispose();
        _making.Dispose();
    }

    private PasswordVerdict Verify(string? hash, string password)
    {
        var tooLong = password.Length > UserRules.MaxPasswordLength;
        var verdict = _hasher.VerifyHashedPassword(Nobody, hash ?? _hashOfNobody.Value, tooLong ? "" : password);
        return hash is not null && !tooLong && verdict != PasswordVerificationResult.Failed ? PasswordVerdict.Right : PasswordVerdict.Wrong;
    }
}
