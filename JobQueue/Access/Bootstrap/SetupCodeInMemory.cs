using System.Security.Cryptography;
using System.Text;

namespace JobQueue.Access.Bootstrap;

/// <summary>The code of the one process there is: good until it stops. Thread-safe.</summary>
internal sealed class SetupCodeInMemory : ISetupCode
{
    private volatile string? _code;

    public Task<SetupNotice> OfferAsync(string code, CancellationToken cancellationToken) =>
        Task.FromResult<SetupNotice>(new SetupNotice.Code(_code = code));

    public Task<bool> IsGoodAsync(string code, CancellationToken cancellationToken) => Task.FromResult(
        _code is { } good && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(code), Encoding.UTF8.GetBytes(good)));
}
