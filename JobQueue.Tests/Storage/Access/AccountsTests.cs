using JobQueue.Access.Bootstrap;
using JobQueue.Access.Users;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Access;

public sealed class AccountsTests
{
    private const string Password = "correct horse";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Right_password_is_told_from_wrong_ones()
    {
        await using var app = await QueueApp.StartAsync();
        await WithAsync(app, "ada", Roles.Operator);

        Assert.Equal("ada", (await app.UserAsync("ada", Password))?.Name);
        Assert.Null(await app.UserAsync("ada", "Correct horse"));
        Assert.Null(await app.UserAsync("ada", ""));
        Assert.Null(await app.UserAsync("ada", new string('x', 10_000)));
        Assert.Null(await app.UserAsync("nobody", Password));
    }

    [Fact]
    public async Task Name_is_given_once()
    {
        await using var app = await QueueApp.StartAsync();
        var users = await WithAsync(app, "ada", Roles.Member);

        Assert.Null(await CreateAsync(users, "ada", Roles.Administrator));
        Assert.Equal(Roles.Member, (await users.FindAsync("ada", Cancellation))!.Role);
    }

    [Fact]
    public async Task Refusal_leaves_no_tenant_behind()
    {
        await using var app = await QueueApp.StartAsync();
        var users = await WithAsync(app, "ada", Roles.Administrator);

        Assert.Null(await CreateAsync(users, "ada", Roles.Member, tenant: "ghost"));
        Assert.Equal(UserChangeResult.NotFound, await ChangeAsync(users, "eve", new UserChanges(Tenant: "ghost")));
        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "ada", new UserChanges(Tenant: "ghost", Disabled: true)));

        Assert.Equal(["acme"], (await app.Services.GetRequiredService<TenantStore>().ListAsync(Cancellation)).Select(tenant => tenant.Name));
    }

    [Fact]
    public async Task Of_two_first_administrators_one_is_told_that_there_is_one()
    {
        await using var app = await QueueApp.StartAsync();
        var users = app.Services.GetRequiredService<IAccounts>();

        var results = await Task.WhenAll(new[] { "ada", "bob" }.Select(name => users.CreateFirstAsync(
            new NewUser(name, Password, Roles.Administrator, "acme", Demo: false), Some.Actor(), Cancellation)));

        Assert.Single(results, result => result is SetupResult.Created);
        Assert.Single(results, result => result is SetupResult.Closed);
        Assert.Single(await users.ListAsync(Cancellation));
    }

    [Theory]
    [InlineData("", Password, Roles.Member)]
    [InlineData("a b", Password, Roles.Member)]
    [InlineData("ada", "short", Roles.Member)]
    [InlineData("ada", Password, "root")]
    public async Task Nonsense_is_no_account(string name, string password, string role)
    {
        await using var app = await QueueApp.StartAsync();
        var users = app.Services.GetRequiredService<IAccounts>();

        await Assert.ThrowsAsync<ArgumentException>(() => CreateAsync(users, name, role, password));
    }

    [Fact]
    public async Task Last_administrator_stays_one()
    {
        await using var app = await QueueApp.StartAsync();
        var users = await WithAsync(app, "ada", Roles.Administrator);

        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "ada", new UserChanges(Role: Roles.Operator)));
        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "ada", new UserChanges(Disabled: true)));
        await WithAsync(app, "bob", Roles.Administrator);
        Assert.Equal(UserChangeResult.Changed, await ChangeAsync(users, "ada", new UserChanges(Disabled: true)));
        Assert.Equal(UserChangeResult.LastAdministrator, await ChangeAsync(users, "bob", new UserChanges(Role: Roles.Member)));
        Assert.Equal(UserChangeResult.NotFound, await ChangeAsync(users, "eve", new UserChanges(Disabled: true)));
    }

    [Fact]
    public async Task Change_ends_the_sessions_of_its_user()
    {
        await using var app = await QueueApp.StartAsync();
        var users = await WithAsync(app, "ada", Roles.Operator);
        var ada = (await app.UserAsync("ada", Password))!;
        Assert.True(await users.IsCurrentAsync(ada.Id, ada.Stamp, Cancellation));

        await ChangeAsync(users, "ada", new UserChanges(Password: "another password"));

        Assert.False(await users.IsCurrentAsync(ada.Id, ada.Stamp, Cancellation));
        Assert.Null(await app.UserAsync("ada", Password));
        var again = (await app.UserAsync("ada", "another password"))!;
        await ChangeAsync(users, "ada", new UserChanges(Disabled: true));
        Assert.False(await users.IsCurrentAsync(again.Id, again.Stamp, Cancellation));
        Assert.Null(await app.UserAsync("ada", "another password"));
    }

    private static async Task<IAccounts> WithAsync(QueueApp app, string name, string role)
    {
        var users = app.Services.GetRequiredService<IAccounts>();
        Assert.NotNull(await CreateAsync(users, name, role));
        return users;
    }

    private static Task<User?> CreateAsync(IAccounts users, string name, string role, string password = Password, string tenant = "acme") =>
        users.CreateAsync(new NewUser(name, password, role, tenant, Demo: false), Some.Actor(), Cancellation);

    private static Task<UserChangeResult> ChangeAsync(IAccounts users, string name, UserChanges changes) =>
        users.ChangeAsync(name, changes, Some.Actor(), Cancellation);
}
