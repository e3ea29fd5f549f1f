using JobQueue.Access.Sessions;
using JobQueue.Tests.Storage.Contract;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace JobQueue.Tests.Storage.Postgres;

/// <summary>The keys that all processes protect cookies and secrets with.</summary>
public sealed class PostgresKeyRingTests() : StoreContract(StoreProvider.Postgres)
{
    [Fact]
    public async Task What_one_process_protects_another_can_read_also_when_both_start_on_an_empty_database()
    {
        await using var one = await StartAsync(AddKeys);
        await using var two = await one.SecondProcessAsync();

        await Task.WhenAll(CheckAsync(one), CheckAsync(two));

        Assert.Single(Keys(one).GetAllKeys());
        Assert.Equal("hello", Protector(two).Unprotect(Protector(one).Protect("hello")));
        Assert.Equal("hello", Protector(one).Unprotect(Protector(two).Protect("hello")));
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.RemoveAll<IDataProtectionProvider>();
        services.AddDataProtection().SetApplicationName("JobQueue");
        services.AddOptions<KeyManagementOptions>().Configure<IKeyRing>((options, ring) => options.XmlRepository = ring);
    }

    private static Task CheckAsync(TestQueue queue) => Ring(queue).CheckAsync(Keys(queue), Ct);

    private static IKeyRing Ring(TestQueue queue) => queue.Services.GetRequiredService<IKeyRing>();

    private static IKeyManager Keys(TestQueue queue) => queue.Services.GetRequiredService<IKeyManager>();

    private static IDataProtector Protector(TestQueue queue) =>
        queue.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
