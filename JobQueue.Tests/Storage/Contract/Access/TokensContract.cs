using JobQueue.Access;
using JobQueue.Access.Tokens;
using JobQueue.Storage.Access;
using JobQueue.Tests.Support;
using JobQueue.Tests.Support.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace JobQueue.Tests.Storage.Contract.Access;

/// <summary>The tokens of programs.</summary>
public abstract class TokensContract(StoreProvider provider) : StoreContract(provider)
{
    [Fact]
    public async Task Token_made_in_a_demo_is_void_outside_it()
    {
        await using var queue = await StartAsync();
        var real = (await CreateAsync(queue, demo: false)).Secret;
        var secret = (await CreateAsync(queue, demo: true)).Secret;

        Assert.Null(await FindAsync(queue, secret));
        await queue.RestartAsync();
        Assert.Null(await FindAsync(queue, secret));
        Assert.NotNull(await FindAsync(queue, real));
    }

    [Fact]
    public async Task Revoked_token_is_refused_and_stays_so()
    {
        await using var queue = await StartAsync();
        var token = await CreateAsync(queue, demo: false);
        Assert.Equal("acme", (await FindAsync(queue, token.Secret))?.Token.Tenant);
        Assert.False(await Tokens(queue).RevokeAsync(token.Id, Some.Actor(await queue.TenantAsync("globex")), Ct));

        Assert.True(await Tokens(queue).RevokeAsync(token.Id, Some.Actor(), Ct));

        Assert.Null(await FindAsync(queue, token.Secret));
        Assert.False(await Tokens(queue).RevokeAsync(token.Id, Some.Actor(), Ct));
        await queue.RestartAsync();
        Assert.Null(await FindAsync(queue, token.Secret));
    }

    [Fact]
    public async Task Secret_is_stored_nowhere()
    {
        await using var queue = await StartAsync();
        var secret = (await CreateAsync(queue, demo: false)).Secret;

        await queue.StopAsync();

        var text = await queue.Storage.ReadAllAsync(Ct);
        Assert.DoesNotContain(secret[8..], text, StringComparison.Ordinal);
        Assert.Contains(secret[..8], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_process_makes_and_revokes_counts_after_another_look_also_for_what_is_open()
    {
        await using var queue = await StartAsync();
        var here = queue.Services.GetRequiredService<TokenStore>();
        using var elsewhere = ActivatorUtilities.CreateInstance<TokenStore>(queue.Services);
        var stays = await CreateAsync(queue, demo: false);
        var open = await FindAsync(queue, stays.Secret);

        var token = await elsewhere.CreateAsync(Request(demo: false), Ct);
        await here.LookAgainAsync(Ct);
        var caller = await FindAsync(queue, token.Secret);
        Assert.NotNull(caller);

        await elsewhere.RevokeAsync(token.Id, Some.Actor(), Ct);
        await here.LookAgainAsync(Ct);
        Assert.Null(await FindAsync(queue, token.Secret));
        Assert.True(caller.Revoked.IsCancellationRequested);
        Assert.Same(open, await FindAsync(queue, stays.Secret));
        Assert.False(open!.Revoked.IsCancellationRequested);
    }

    [Fact]
    public async Task Last_use_is_told_wherever_it_was()
    {
        await using var queue = await StartAsync();
        using var elsewhere = ActivatorUtilities.CreateInstance<TokenStore>(queue.Services);
        var token = await CreateAsync(queue, demo: false);

        await elsewhere.FindAsync(token.Secret.AsMemory(), Ct);

        await Eventually.True(
            async () => Assert.Single(await Tokens(queue).ListAsync(null, Ct)).LastUsedAt == queue.Time.GetUtcNow(), "the use is told");
    }

    private static ITokens Tokens(TestQueue queue) => queue.Services.GetRequiredService<ITokens>();

    private static Task<NewToken> CreateAsync(TestQueue queue, bool demo) => Tokens(queue).CreateAsync(Request(demo), Ct);

    private static NewTokenRequest Request(bool demo) =>
        new("acme", "test", [Scopes.JobsRead], null, "test", demo, Secret: null, RemoteAddress: null);

    private static async Task<TokenPrincipal?> FindAsync(TestQueue queue, string secret) =>
        await Tokens(queue).FindAsync(secret.AsMemory(), Ct);
}
