using System.Net;
using JobQueue.Access;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Api.Administration;

public sealed class UsersTests
{
    [Fact]
    public async Task Made_user_can_sign_in_and_a_disabled_one_cannot()
    {
        await using var app = await QueueApp.StartAsync();
        using var admin = await app.ClientAsync("staff", Scopes.Admin);

        var made = await admin.PostApiAsync("/users", """{"name":"ada","password":"correct horse","role":"operator","tenant":"acme"}""");
        made.Is(HttpStatusCode.Created);
        Assert.Equal(("ada", "operator", "acme"), ((string)made.Json["name"]!, (string)made.Json["role"]!, (string)made.Json["tenant"]!));
        Assert.DoesNotContain("correct horse", made.Text, StringComparison.Ordinal);
        Assert.NotNull(await app.UserAsync("ada", "correct horse"));

        var disabled = await admin.PutApiAsync("/users/ada", """{"disabled":true}""");
        disabled.Is(HttpStatusCode.OK);
        Assert.Equal(("operator", true), ((string)disabled.Json["role"]!, (bool)disabled.Json["disabled"]!));
        Assert.Null(await app.UserAsync("ada", "correct horse"));
        Assert.Equal(["ada"], (await admin.GetApiAsync("/users")).Items.Select(user => (string)user["name"]!));
        Assert.DoesNotContain("correct horse", (await admin.GetApiAsync("/audit")).Text, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", (string?)Assert.Single((await admin.GetApiAsync("/audit?action=user.create")).Items)["remote_address"]);
    }

    [Fact]
    public async Task Taken_name_unknown_user_and_last_administrator_are_refused()
    {
        await using var app = await QueueApp.StartAsync();
        using var admin = await app.ClientAsync("staff", Scopes.Admin);
        (await admin.PostApiAsync("/users", """{"name":"root","password":"correct horse","role":"administrator"}""")).Is(HttpStatusCode.Created);

        (await admin.PostApiAsync("/users", """{"name":"root","password":"correct horse"}""")).Is(HttpStatusCode.Conflict, "name-taken");
        (await admin.PutApiAsync("/users/root", """{"role":"member"}""")).Is(HttpStatusCode.Conflict, "last-administrator");
        (await admin.PutApiAsync("/users/nobody", """{"role":"member"}""")).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("""{"name":"ada"}""", "password")]
    [InlineData("""{"password":"correct horse"}""", "name")]
    [InlineData("""{"name":"a b","password":"correct horse"}""", "name")]
    [InlineData("""{"name":"ada","password":"short"}""", "password")]
    [InlineData("""{"name":"ada","password":"correct horse","role":"king"}""", "role")]
    [InlineData("""{"name":"ada","password":"correct horse","tenant":"a b"}""", "tenant")]
    [InlineData("""{"name":"ada","password":"correct horse","admin":true}""", "admin")]
    public async Task Wrong_user_is_refused(string body, string field)
    {
        await using var app = await QueueApp.StartAsync();
        using var admin = await app.ClientAsync("staff", Scopes.Admin);

        Assert.Equal([field], (await admin.PostApiAsync("/users", body)).Is(HttpStatusCode.BadRequest, "invalid-fields").WrongFields);
    }
}
