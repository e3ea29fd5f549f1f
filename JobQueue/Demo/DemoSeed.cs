using JobQueue.Access;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Tokens;
using JobQueue.Access.Users;
using JobQueue.Jobs.Store;
using JobQueue.Storage;
using JobQueue.Storage.Access;

namespace JobQueue.Demo;

/// <summary>Makes the demo's tenants, accounts and tokens where they are missing, before the first request comes in.</summary>
internal sealed class DemoSeed(
    DatabaseName database, TenantStore tenants, ITokens tokens, IAccounts accounts, DemoBanner banner, IHostApplicationLifetime lifetime)
    : IHostedService
{
    private const string Name = "demo";

    /// <exception cref="StartRefusedException">The database has a real administrator, so it is no demo's.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await accounts.AnyRealAdministratorAsync(cancellationToken))
        {
            throw new StartRefusedException(
                $"The database {database.Shown} has a real administrator, and everybody knows the demo's passwords. Turn the demo off "
                + "(--Demo:Enabled=false), or give it another database: --ConnectionStrings:JobQueue=\"{database.Another}\".");
        }

        foreach (var tenant in DemoTenant.All)
            await tenants.EnsureAsync(tenant.Name, tenant.Limits, cancellationToken);
        foreach (var account in DemoAccount.All)
        {
            if (await accounts.FindAsync(account.Name, cancellationToken) is null)
            {
                await accounts.CreateAsync(
                    new NewUser(account.Name, account.Password, account.Role, account.Tenant, Demo: true),
                    new Actor(Name, null, null),
                    cancellationToken);
            }
        }

        var present = await tokens.ListAsync(scope: null, cancellationToken);
        foreach (var token in DemoToken.All.Where(token => !present.Any(other => other.Token.Name == DemoToken.Name && other.Token.Tenant == token.Tenant)))
        {
            await tokens.CreateAsync(
                new NewTokenRequest(
                    token.Tenant, DemoToken.Name, DemoToken.JobScopes, ExpiresDays: null, Name, Demo: true, token.Secret, RemoteAddress: null),
                cancellationToken);
        }

        lifetime.ApplicationStarted.Register(banner.Print);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
