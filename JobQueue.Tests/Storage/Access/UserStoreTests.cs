using JobQueue.Access.Users;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Access;

public sealed class UserStoreTests
{
    private const string Password = "correct horse";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Right_password_is_told_from_wrong_ones()
    {
        await using var app = await QueueApp.StartAsync();
        var users = await WithAsync(app, "ada", Roles.Operator);

        Assert.Equal("ada", (await users.VerifyAsync("ada", Password, Cancellation))?.Name);
        Assert.Null(await users.VerifyAsync("ada", "Correct horse", Cancellation));
        Assert.Null(await users.VerifyAsync("ada", "", Cancellation));
        Assert.Null(await users.VerifyAsync("ada", new string('x', 10_000), Cancellation));
        Assert.Null(await users.VerifyAsync("nobody", Password, Cancellation));
    }

    [Fact]
    public async Task Name_is_given_once()
    {
        await using var app = await QueueApp.StartAsync();
        var users = await WithAsync(app, "ada", Roles.Member);

        Assert.Null(await users.CreateAsync("ada", Password, Roles.Administrator, "acme", false, "test", null, Cancellation));
        Assert.Equal(Roles.Member, (await users.FindAsync("ada", Cancellation))!.Role);
    }

    [Theory]
    [InlineData("", Password, Roles.Member)]
    [InlineData("a b", Password, Roles.Member)]
    [InlineData("ada", "short", Roles.Member)]
    [InlineData("ada", Password, "root")]
    public async Task Nonsense_is_no_account(string name, string password, string role)
    {
        await using var app = await QueueApp.StartAsync();
        var users = app.Services.GetRequiredService<UserStore>();

        await Assert.ThrowsAsync<ArgumentException>(() => users.CreateAsync(name, password, role, "acme", false, "test", null, Cancellation));
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
        var ada = (await users.VerifyAsync("ada", Password, Cancellation))!;
        Assert.True(await users.IsCurrentAsync(ada.Id, ada.Stamp, Cancellation));

        await ChangeAsync(users, "ada", new UserChanges(Password: "another password"));

        Assert.False(await users.IsCurrentAsync(ada.Id, ada.Stamp, Cancellation));
        Assert.Null(await users.VerifyAsync("ada", Password, Cancellation));
        var again = (await users.VerifyAsync("ada", "another password", Cancellation))!;
        await ChangeAsync(users, "ada", new UserChanges(Disabled: true));
        Assert.False(await users.IsCurrentAsync(again.Id, again.Stamp, Cancellation));
        Assert.Null(await users.VerifyAsync("ada", "another password", Cancellation));
    }

    private static async Task<UserStore> WithAsync(QueueApp app, string name, string role)
    {
        var users = app.Services.GetRequiredService<UserStore>();
        Assert.NotNull(await users.CreateAsync(name, Password, role, "acme", false, "test", null, Cancellation));
        return users;
    }

    private static Task<UserChangeResult> ChangeAsync(UserStore users, string name, UserChanges changes) =>
        users.ChangeAsync(name, changes, "user:root", null, Cancellation);
}
