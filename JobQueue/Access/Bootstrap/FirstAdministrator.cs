using System.Security.Cryptography;
using System.Text;
using JobQueue.Access.Users;
using JobQueue.Storage.Access;
using Microsoft.Extensions.Options;

namespace JobQueue.Access.Bootstrap;

/// <summary>
/// Makes the first administrator: unattended from the configuration, or through <c>/setup</c> with a code that is printed once
/// and kept in memory alone. Closed for good as soon as there is an administrator. Thread-safe.
/// </summary>
internal sealed class FirstAdministrator(
    UserStore users, IOptions<DemoOptions> demo, IOptions<BootstrapOptions> bootstrap) : IDisposable
{
    public const string DefaultTenant = "default";

    /// <summary>Without characters that look alike.</summary>
    private const string CodeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly SemaphoreSlim _one = new(1);
    private string? _code;

    /// <summary>Decides at the start what is needed.</summary>
    /// <returns>The code to print, or <see langword="null"/> when there is an administrator, or needs none.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (demo.Value.Enabled || await users.AnyRealAdministratorAsync(cancellationToken))
            return null;
        if (bootstrap.Value is { Wanted: true, AdminUser: { } name, AdminPassword: { } password })
        {
            return await users.CreateAsync(
                name, password, Roles.Administrator, DefaultTenant, demo: false, "bootstrap", remoteAddress: null, cancellationToken) is null
                ? throw new InvalidOperationException($"Bootstrap:AdminUser \"{name}\" is the name of another account. Choose another name.")
                : null;
        }

        return _code = $"{NewGroup()}-{NewGroup()}-{NewGroup()}-{NewGroup()}";
    }

    /// <summary>Whether <c>/setup</c> is there.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken) =>
        _code is not null && !await users.AnyRealAdministratorAsync(cancellationToken);

    /// <summary>Makes the administrator when the code is right, and closes.</summary>
    /// <exception cref="ArgumentException">Name or password break <see cref="UserRules"/>.</exception>
    public async Task<SetupResult> CreateAsync(
        string code, string name, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!await IsOpenAsync(cancellationToken))
                return new SetupResult.Closed();
            if (!Matches(code))
                return new SetupResult.WrongCode();
            var user = await users.CreateAsync(
                name, password, Roles.Administrator, DefaultTenant, demo: false, "setup", remoteAddress, cancellationToken);
            if (user is null)
                return new SetupResult.NameTaken();
            _code = null;
            return new SetupResult.Created(user);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static string NewGroup() => RandomNumberGenerator.GetString(CodeAlphabet, 4);

    private bool Matches(string code) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(code.Trim().ToUpperInvariant()), Encoding.UTF8.GetBytes(_code!));
}
