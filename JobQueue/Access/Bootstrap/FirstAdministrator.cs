using System.Security.Cryptography;
using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using Microsoft.Extensions.Options;

namespace JobQueue.Access.Bootstrap;

/// <summary>
/// Makes the first administrator: unattended from the configuration, or through <c>/setup</c> with a code that is printed once.
/// Closed for good as soon as there is an administrator. Thread-safe.
/// </summary>
internal sealed class FirstAdministrator(
    IAccounts accounts, ISetupCode setupCode, IOptions<DemoOptions> demo, IOptions<BootstrapOptions> bootstrap)
{
    public const string DefaultTenant = "default";

    /// <summary>Without characters that look alike.</summary>
    private const string CodeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    private volatile bool _awaited;

    /// <summary>Decides at the start what is needed.</summary>
    /// <returns>What to print, or <see langword="null"/> when there is an administrator, or needs none.</returns>
    public async Task<SetupNotice?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (demo.Value.Enabled || await accounts.AnyRealAdministratorAsync(cancellationToken))
            return null;
        if (bootstrap.Value is { Wanted: true, AdminUser: { } name, AdminPassword: { } password })
        {
            return await accounts.CreateFirstAsync(NewAdministrator(name, password), new Actor("bootstrap", null, null), cancellationToken)
                is SetupResult.NameTaken
                ? throw new InvalidOperationException($"Bootstrap:AdminUser \"{name}\" is the name of another account. Choose another name.")
                : null;
        }

        var notice = await setupCode.OfferAsync($"{NewGroup()}-{NewGroup()}-{NewGroup()}-{NewGroup()}", cancellationToken);
        _awaited = true;
        return notice;
    }

    /// <summary>Whether <c>/setup</c> is there.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken) =>
        _awaited && !await accounts.AnyRealAdministratorAsync(cancellationToken);

    /// <summary>Makes the administrator when the code is right.</summary>
    /// <exception cref="ArgumentException">Name or password break <see cref="UserRules"/>.</exception>
    public async Task<SetupResult> CreateAsync(
        string code, string name, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (!await IsOpenAsync(cancellationToken))
            return new SetupResult.Closed();
        return await setupCode.IsGoodAsync(code.Trim().ToUpperInvariant(), cancellationToken)
            ? await accounts.CreateFirstAsync(NewAdministrator(name, password), new Actor("setup", null, remoteAddress), cancellationToken)
            : new SetupResult.WrongCode();
    }

    private static NewUser NewAdministrator(string name, string password) =>
        new(name, password, Roles.Administrator, DefaultTenant, Demo: false);

    private static string NewGroup() => RandomNumberGenerator.GetString(CodeAlphabet, 4);
}
