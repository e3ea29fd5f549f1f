using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace JobQueue.Access.Users;

/// <summary>Turns passwords into hashes (PBKDF2, HMAC-SHA-512) and checks them. Thread-safe.</summary>
internal sealed class Passwords : IDisposable
{
    /// <summary>What OWASP asks of PBKDF2 with HMAC-SHA-512.</summary>
    private const int Iterations = 210_000;

    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    /// <summary>Hashing is slow on purpose: strangers at the door must not take every core.</summary>
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly Lazy<string> _hashOfNobody;

    public Passwords() => _hashOfNobody = new Lazy<string>(() => _hasher.HashPassword(Nobody, Guid.NewGuid().ToString()));

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return _hasher.HashPassword(Nobody, password);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Whether the hash is the password's. Takes as long when there is no hash, so that names cannot be guessed by the clock.</summary>
    public async Task<bool> VerifyAsync(string? hash, string password, CancellationToken cancellationToken)
    {
        var tooLong = password.Length > UserRules.MaxPasswordLength;
        await _turns.WaitAsync(cancellationToken);
        try
        {
            var verdict = _hasher.VerifyHashedPassword(Nobody, hash ?? _hashOfNobody.Value, tooLong ? "" : password);
            return hash is not null && !tooLong && verdict != PasswordVerificationResult.Failed;
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();
}
