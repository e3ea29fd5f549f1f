using System.Net;
using JobQueue.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace JobQueue.Tests.Api.Types;

public sealed class TypesTests
{
    private readonly FakeTimeProvider _time = RemoteCalls.StandingClock();

    [Fact]
    public async Task Types_of_this_server_are_described_and_its_pool_is_present()
    {
        await using var app = await RemoteCalls.StartServerAsync(null, ("Workers:Count", "2"));
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await acme.SubmitAsync();

        var answer = (await acme.GetApiAsync("/types")).Is(HttpStatusCode.OK);

        var sleep = answer.Items.Single(item => item["type"]!.GetValue<string>() == "sleep");
        Assert.Equal(1, sleep["workers_present"]!.GetValue<int>());
        Assert.Equal("Waits for some seconds, shows its progress, and stops when it is cancelled.", sleep["description"]!.GetValue<string>());
        Assert.Equal("object", sleep["payload_schema"]!["type"]!.GetValue<string>());
        Assert.Equal(5, sleep["example"]!["seconds"]!.GetValue<int>());
    }

    [Fact]
    public async Task Types_of_remote_workers_are_listed_while_these_are_present()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        using var globex = await app.ClientAsync("globex", RemoteCalls.AllScopes);
        await acme.LeasesAsync("one", ""","types":["mail","echo"]""");
        await acme.LeasesAsync("two", ""","types":["mail"]""");
        await globex.LeasesAsync("three", ""","types":["secret"]""");

        Assert.Equal(2, await PresentAsync(acme, "mail"));
        Assert.Equal(1, await PresentAsync(acme, "echo"));
        Assert.Equal(0, await PresentAsync(acme, "sleep"));
        Assert.Null(await PresentAsync(acme, "secret"));

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(await PresentAsync(acme, "mail"));
        Assert.Equal(0, await PresentAsync(acme, "echo"));
    }

    [Fact]
    public async Task Worker_that_comes_back_with_other_types_is_not_taken_for_its_past_self()
    {
        await using var app = await RemoteCalls.StartServerAsync(_time);
        using var acme = await app.ClientAsync("acme", RemoteCalls.AllScopes);
        await acme.LeasesAsync("w", ""","types":["old"]""");
        _time.Advance(TimeSpan.FromSeconds(50));
        await acme.SubmitAsync("""{"payload":1,"type":"new"}""");
        var lease = await acme.LeaseAsync("w", ""","types":["new"]""");
        _time.Advance(TimeSpan.FromSeconds(20));
        await acme.BeatAsync(lease);

        Assert.Null(await PresentAsync(acme, "old"));
        Assert.Equal(1, await PresentAsync(acme, "new"));
    }

    private static async Task<int?> PresentAsync(HttpClient client, string type) =>
        (await client.GetApiAsync("/types?limit=200")).Is(HttpStatusCode.OK).Items
            .SingleOrDefault(item => item["type"]!.GetValue<string>() == type)?["workers_present"]!.GetValue<int>();
}
