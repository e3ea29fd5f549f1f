using System.Net;
using JobQueue.Access.Bootstrap;
using JobQueue.Access.Sessions;
using JobQueue.Access.Users;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Access;

/// <summary>The accounts of people.</summary>
public abstract class AccountsContract(StoreProvider provider) : StoreContract(provider)
{
    private const string Password = "correct horse";

    [Fact]
    public async Task Right_password_is_told_from_wrong_ones()
    {
        await using var queue = await StartAsync(SignIns);
        await WithAsync(queue, "ada", Roles.Operator);

        Assert.Equal("ada", (await UserAsync(queue, "ada", Password))?.Name);
        Assert.Null(await UserAsync(queue, "ada", "Correct horse"));
        Assert.Null(await UserAsync(queue, "ada", ""));
        Assert.Null(await UserAsync(queue, "ada", new string('x', 10_000)));
        Assert.Null(await UserAsync(queue, "nobody", Password));
    }

    [Fact]
    public async Task Name_is_given_once()
    {
        await using var queue = await StartAsync(SignIns);
        var users = await WithAsync(queue, "ada", Roles.Member);

        Assert.Null(await CreateAsync(users, "ada", Roles.Administrator));
        Assert.Equal(Roles.Member, (await users.FindAsync("ada", Ct))!.Role);
    }

    [Fact]
    public async Task Refusal_leaves_no_tenant_behind()
    {
        await using var queue = await StartAsync(SignIns);
        var users = await WithAsync(queue, "ada", Roles.Administrator);

        Assert.Null(await CreateAsync(users, "ada", Roles.Member, tenant: "ghost"));
        Assert.Equal(UserChangeResult.NotFound, await ChangeAsync(users, "eve", new UserChanges(Tenant: "ghost")));
        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "ada", new UserChanges(Tenant: "ghost", Disabled: true)));

        Assert.Equal(["acme"], (await queue.Services.GetRequiredService<TenantStore>().ListAsync(Ct)).Select(tenant => tenant.Name));
    }

    [Fact]
    public async Task Of_two_first_administrators_one_is_told_that_there_is_one()
    {
        await using var queue = await StartAsync(SignIns);
        var users = queue.Services.GetRequiredService<IAccounts>();

        var results = await Task.WhenAll(new[] { "ada", "bob" }.Select(name => users.CreateFirstAsync(
            new NewUser(name, Password, Roles.Administrator, "acme", Demo: false), Some.Actor(), Ct)));

        Assert.Single(results, result => result is SetupResult.Created);
        Assert.Single(results, result => result is SetupResult.Closed);
        Assert.Single(await users.ListAsync(Ct));
    }

    [Theory]
    [InlineData("", Password, Roles.Member)]
    [InlineData("a b", Password, Roles.Member)]
    [InlineData("ada", "short", Roles.Member)]
    [InlineData("ada", Password, "root")]
    public async Task Nonsense_is_no_account(string name, string password, string role)
    {
        await using var queue = await StartAsync(SignIns);
        var users = queue.Services.GetRequiredService<IAccounts>();

        await Assert.ThrowsAsync<ArgumentException>(() => CreateAsync(users, name, role, password));
    }

    [Fact]
    public async Task Last_administrator_stays_one()
    {
        await using var queue = await StartAsync(SignIns);
        var users = await WithAsync(queue, "ada", Roles.Administrator);

        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "ada", new UserChanges(Role: Roles.Operator)));
        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "ada", new UserChanges(Disabled: true)));
        await WithAsync(queue, "bob", Roles.Administrator);
        Assert.Equal(UserChangeResult.Changed, await ChangeAsync(users, "ada", new UserChanges(Disabled: true)));
        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "bob", new UserChanges(Role: Roles.Member)));
        Assert.Equal(UserChangeResult.NotFound, await ChangeAsync(users, "eve", new UserChanges(Disabled: true)));
    }

    [Fact]
    public async Task Change_ends_the_sessions_of_its_user()
    {
        await using var queue = await StartAsync(SignIns);
        var users = await WithAsync(queue, "ada", Roles.Operator);
        var ada = (await UserAsync(queue, "ada", Password))!;
        Assert.True(await users.IsCurrentAsync(ada.Id, ada.Stamp, Ct));

        await ChangeAsync(users, "ada", new UserChanges(Password: "another password"));

        Assert.False(await users.IsCurrentAsync(ada.Id, ada.Stamp, Ct));
        Assert.Null(await UserAsync(queue, "ada", Password));
        var again = (await UserAsync(queue, "ada", "another password"))!;
        await ChangeAsync(users, "ada", new UserChanges(Disabled: true));
        Assert.False(await users.IsCurrentAsync(again.Id, again.Stamp, Ct));
        Assert.Null(await UserAsync(queue, "ada", "another password"));
    }

    private static void SignIns(IServiceCollection services) =>
        services.AddSingleton<Passwords>().AddSingleton<SignIn>();

    /// <summary>The account that name and password open, from an address that was never refused; <see langword="null"/> for none.</summary>
    private static async Task<User?> UserAsync(TestQueue queue, string name, string password) =>
        await queue.Services.GetRequiredService<SignIn>().TryAsync(name, password, IPAddress.None, Ct) is SignInResult.Welcome(var user)
            ? user
            : null;

    private static async Task<IAccounts> WithAsync(TestQueue queue, string name, string role)
    {
        var users = queue.Services.GetRequiredService<IAccounts>();
        Assert.NotNull(await CreateAsync(users, name, role));
        return users;
    }

    private static Task<User?> CreateAsync(IAccounts users, string name, string role, string password = Password, string tenant = "acme") =>
        users.CreateAsync(new NewUser(name, password, role, tenant, Demo: false), Some.Actor(), Ct);

    private static Task<UserChangeResult> ChangeAsync(IAccounts users, string name, UserChanges changes) =>
        users.ChangeAsync(name, changes, Some.Actor(), Ct);
}
