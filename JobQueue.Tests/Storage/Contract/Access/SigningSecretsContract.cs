using JobQueue.Access.Signing;
using JobQueue.Access.Users;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Access;

/// <summary>The secrets that webhooks are signed with.</summary>
public abstract class SigningSecretsContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task What_another_process_changes_is_signed_with_after_another_look()
    {
        await using var queue = await StartAsync();
        var acme = await TenantAsync(queue);
        var here = queue.Services.GetRequiredService<SigningSecretStore>();
        using var elsewhere = ActivatorUtilities.CreateInstance<SigningSecretStore>(queue.Services);
        Assert.Empty(await here.OfAsync(acme.Id, Ct));

        var secret = SigningSecret.Create();
        var added = await elsewhere.AddAsync(acme, secret, Some.Actor(), Ct);
        await here.LookAgainAsync(Ct);
        Assert.Equal(secret.Text, Assert.Single(await here.OfAsync(acme.Id, Ct)).Text);

        Assert.True(await elsewhere.RemoveAsync(acme, added!.Id, Some.Actor(), Ct));
        await here.LookAgainAsync(Ct);
        Assert.Empty(await here.OfAsync(acme.Id, Ct));
    }

    private static async Task<Tenant> TenantAsync(TestQueue queue)
    {
        await queue.TenantAsync("acme");
        return (await queue.Services.GetRequiredService<TenantStore>().FindAsync("acme", Ct))!;
    }
}
