using System.Net;
using System.Text;
using JobQueue.Access;
using JobQueue.Access.Signing;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Administration;

public sealed class SigningSecretsTests : IAsyncLifetime
{
    private const string Path = "/tenants/acme/signing-secrets";
    private const string Imported = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    // A clock that stands still: which secret is the older must not depend on it.
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();
    private QueueApp _app = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await RemoteCalls.StartServerAsync(_time);
        _admin = await _app.ClientAsync("staff", Scopes.Admin);
        (await _admin.PutApiAsync("/tenants/acme", "{}")).Is(HttpStatusCode.Created);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Secret_is_made_shown_once_and_used_at_once()
    {
        Assert.Empty(await InUseAsync());

        var made = (await _admin.PostApiAsync(Path)).Is(HttpStatusCode.Created);

        Assert.Equal(["id", "secret", "created_at"], made.Json.Select(field => field.Key));
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", made.Text("secret"));
        Assert.Equal($"{Path}/{made.Id}", made.Headers.Location!.OriginalString);
        Assert.Equal([made.Text("secret")], await InUseAsync());
        var listed = await _admin.GetApiAsync(Path);
        Assert.Equal(["id", "created_at"], Assert.Single(listed.Items).Select(field => field.Key));
        Assert.Empty(await InUseAsync("staff"));
    }

    [Fact]
    public async Task Two_are_in_use_the_older_first_and_a_third_waits_until_one_is_gone()
    {
        var first = await _admin.PostApiAsync(Path, """{"secret":"  whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"}""");
        Assert.Equal(Imported, first.Is(HttpStatusCode.Created).Text("secret"));
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(1));
        var second = await _admin.PostApiAsync(Path, "{}");
        Assert.Equal([Imported, second.Text("secret")], await InUseAsync());

        (await _admin.PostApiAsync(Path)).Is(HttpStatusCode.Conflict, "too-many-secrets");
        Assert.Equal([first.Id, second.Id], (await _admin.GetApiAsync(Path)).Items.Select(secret => (string)secret["id"]!));
        (await _admin.DeleteApiAsync($"{Path}/{first.Id}")).Is(HttpStatusCode.NoContent);

        Assert.Equal([second.Text("secret")], await InUseAsync());
        var third = (await _admin.PostApiAsync(Path)).Is(HttpStatusCode.Created);
        Assert.Equal([second.Text("secret"), third.Text("secret")], await InUseAsync());
        (await _admin.DeleteApiAsync($"{Path}/{first.Id}")).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Secrets_outlive_a_restart_and_are_nowhere_to_be_read()
    {
        var made = (await _admin.PostApiAsync(Path)).Text("secret")!;
        var key = made[SigningSecret.Prefix.Length..];

        await _app.RestartAsync();

        Assert.Equal([made], await InUseAsync());
        using var admin = await _app.ClientAsync("staff", Scopes.Admin);
        var audit = (await admin.GetApiAsync("/audit?action=signing_secret.create")).Is(HttpStatusCode.OK);
        Assert.Equal("token:test", (string)Assert.Single(audit.Items)["actor"]!);
        await _app.StopAsync();
        foreach (var file in Directory.GetFiles(_app.Folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancellation);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(key)) < 0, file);
            Assert.True(bytes.AsSpan().IndexOf(Convert.FromBase64String(key)) < 0, file);
        }
    }

    [Fact]
    public async Task Database_without_its_keys_reveals_no_secret_and_says_what_is_missing()
    {
        await _admin.PostApiAsync(Path);
        await _app.StopAsync();
        foreach (var key in Directory.GetFiles(System.IO.Path.Combine(_app.Folder, "keys")))
            File.Delete(key);
        await _app.RestartAsync();

        var error = await Assert.ThrowsAsync<SigningKeysException>(() => InUseAsync());

        Assert.Contains("Bring those keys back", error.Message, StringComparison.Ordinal);
        using var admin = await _app.ClientAsync("staff", Scopes.Admin);
        var id = (string)(await admin.GetApiAsync(Path)).Items.Single()["id"]!;
        (await admin.DeleteApiAsync($"{Path}/{id}")).Is(HttpStatusCode.NoContent);
        Assert.Empty(await InUseAsync());
    }

    [Theory]
    [InlineData("secret-1")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw")]
    [InlineData("whsec_-fKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=")]
    public async Task Secret_that_verifiers_would_read_in_different_ways_is_refused_and_not_repeated(string secret)
    {
        var refused = (await _admin.PostApiAsync(Path, $$"""{"secret":"{{secret}}"}""")).Is(HttpStatusCode.BadRequest, "invalid-fields");

        Assert.Equal(["secret"], refused.WrongFields);
        Assert.Equal("must be whsec_ and 24 to 64 bytes in base64 (the standard alphabet, padded with =).", (string)refused.Json["errors"]!["secret"]![0]!);
        Assert.Empty(await InUseAsync());
    }

    [Fact]
    public async Task Secrets_are_an_administrators_and_of_tenants_that_are_there()
    {
        using var manager = await _app.ClientAsync("acme", Scopes.JobsManage);
        (await manager.GetApiAsync(Path)).Is(HttpStatusCode.Forbidden, "scope-missing");
        (await manager.PostApiAsync(Path)).Is(HttpStatusCode.Forbidden, "scope-missing");
        (await _admin.GetApiAsync("/tenants/nobody/signing-secrets")).Is(HttpStatusCode.NotFound, "not-found");
        (await _admin.PostApiAsync("/tenants/nobody/signing-secrets")).Is(HttpStatusCode.NotFound, "not-found");
        (await _admin.DeleteApiAsync($"{Path}/1")).Is(HttpStatusCode.NotFound, "not-found");
        var made = await _admin.PostApiAsync(Path);
        (await _admin.DeleteApiAsync($"/tenants/staff/signing-secrets/{made.Id}")).Is(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<IEnumerable<string>> InUseAsync(string tenant = "acme")
    {
        var found = await _app.Services.GetRequiredService<TenantStore>().FindAsync(tenant, Cancellation);
        var secrets = await _app.Services.GetRequiredService<ISigningKeys>().OfAsync(found!.Id, Cancellation);
        return secrets.Select(secret => secret.Text);
    }
}
